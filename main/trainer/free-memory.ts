/** Gives large arrays back where they have just become garbage: the collector sees only their small handles, and would wait. */

/** Collects now. Does nothing where Node was started without `--expose-gc`, as tests are. */
export function freeMemory(): void {
  globalThis.gc?.();
}
