/** The words for a run's state. */

/** `stopped`: by the user; `failed`: by an error that its journal names; `interrupted`: its trainer is gone without a word. */
export const runStatuses = ['queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'interrupted'] as const;
