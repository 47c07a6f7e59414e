import type { Component } from 'svelte';

/** One of the actions of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly act: () => void;
  readonly icon?: Component<{ size?: number }>;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** As people press them: `E`, `⌘ C`. */
  readonly keys?: string;
}
