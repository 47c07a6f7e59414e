/** Notices when nobody needs the host any more. */

/**
 * Calls `onIdle` once nothing was going on for `idleMs`; until the returned function is called. What the wall clock says does not matter.
 * @param isBusy asked a few times within that time, so it has to be cheap.
 */
export function watchIdleness(isBusy: () => boolean, idleMs: number, onIdle: () => void): () => void {
  let busyAtMs = performance.now();
  const check = () => {
    if (isBusy()) busyAtMs = performance.now();
    else if (performance.now() - busyAtMs >= idleMs) onIdle();
  };
  const timer = setInterval(check, Math.min(Math.max(idleMs / 8, 20), 500));
  return () => clearInterval(timer);
}
