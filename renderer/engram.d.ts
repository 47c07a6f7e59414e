import type { EngramWindow } from '../core/contract/window.ts';

declare global {
  interface Window {
    readonly engram: EngramWindow;
  }
}
