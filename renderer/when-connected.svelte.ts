import { untrack } from 'svelte';
import { host } from './host.svelte.ts';

/** Calls `load` with each new connection to the host, while the component lives. */
export function whenConnected(load: () => unknown): void {
  $effect(() => {
    if (host.epoch > 0) untrack(load);
  });
}
