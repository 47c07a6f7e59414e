/** Wakes a stream when there is something to tell, and not more often than it should speak. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Bell {
  ring(): void;
  /** Waits for the next ring; one that came since the last wait counts. False when the listener has gone. */
  rung(): Promise<boolean>;
}

/** Four times a second is live to the eye; each time costs every listening window a frame, which a training on the processor could use. */
const usualMs = 250;

/** @param intervalMs the least time between two answers of `rung`; the first one comes at once. */
export function createBell(signal: AbortSignal | undefined, intervalMs = usualMs): Bell {
  let [isRung, wake] = [false, () => {}];
  let spokeAtMs = -Infinity;
  const ring = () => {
    isRung = true;
    wake();
  };
  signal?.addEventListener('abort', () => wake(), { once: true });
  return {
    ring,
    rung: async () => {
      const pauseMs = spokeAtMs + intervalMs - performance.now();
      if (pauseMs > 0) await sleep(pauseMs);
      while (!isRung && signal?.aborted !== true) await new Promise<void>((resolve) => (wake = resolve));
      isRung = false;
      spokeAtMs = performance.now();
      return signal?.aborted !== true;
    },
  };
}
