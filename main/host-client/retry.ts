/** The one policy for trying again. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Retry {
  /** Waits a little longer each time; false, at once, when the time for it is over. */
  wait(): Promise<boolean>;
  /** It worked: the next failure is a first one. */
  reset(): void;
}

const firstMs = 20;
const longestMs = 500;

/** @param patienceMs how long to keep trying after a success or the beginning. */
export function createRetry(patienceMs = 15_000): Retry {
  let nextMs = firstMs;
  let giveUpAt = performance.now() + patienceMs;
  return {
    wait: async () => {
      if (performance.now() >= giveUpAt) return false;
      await sleep(nextMs);
      nextMs = Math.min(nextMs * 1.6, longestMs);
      return true;
    },
    reset: () => {
      nextMs = firstMs;
      giveUpAt = performance.now() + patienceMs;
    },
  };
}
