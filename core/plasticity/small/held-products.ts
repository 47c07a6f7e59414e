/** Sums of products of columns by rows, a pair a step, taken from the last step to the first: some steps at once, for reading the sum costs, too. */
import type { Kernel } from './kernel-module.ts';

/** Steps whose products are added at once: enough that reading the sum costs little, few enough that they stay in the nearest cache. */
const mostHeld = 16;

/** Rows that hold the right sides must be so many. */
export const countHeld = (steps: number) => Math.min(mostHeld, steps);

export interface HeldProducts {
  /** The place, among the rows of right sides, for the step before. @returns its index. */
  next(): number;
  /** Whether there is no place left. */
  isFull(): boolean;
  /** Adds what is held. @param left where the left side of the latest step taken is; those of the steps after it follow. */
  add(left: number): void;
  /** Forgets what is held. */
  clear(): void;
}

/** @param right where the rows of right sides are, `columns` long. @param sum [rows, columns]; rows and columns by fours. */
export function createHeldProducts(kernel: Kernel, rows: number, columns: number, right: readonly number[], sum: number): HeldProducts {
  let held = 0;
  return {
    next: () => right.length - ++held,
    isFull: () => held === right.length,
    add: (left) => {
      if (held > 0) kernel.addOuter(rows, columns, held, left, right[right.length - held]!, sum);
      held = 0;
    },
    clear: () => {
      held = 0;
    },
  };
}
