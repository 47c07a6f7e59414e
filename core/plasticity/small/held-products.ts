/** A sum of products of columns by rows, a pair a step, taken from the last step to the first: some steps at once, for reading the sum costs, too. */
import type { Kernel } from './kernel-module.ts';
import type { Rows } from './rows.ts';

/** Steps whose products are added at once: enough that reading the sum costs little, few enough that they stay in the nearest cache. */
const mostHeld = 16;

/** So many rows there must be for right sides. */
export const countHeld = (steps: number) => Math.min(mostHeld, steps);

export interface HeldProducts {
  /** The place for the right side of the step before, among the rows for them. */
  place(): number;
  /** The right side of the latest place is there; its left side is in this row of theirs. */
  took(left: number): void;
  /** Adds what is held. */
  flush(): void;
  /** Forgets what is held. */
  clear(): void;
}

/** @param lefts rows of the left sides, of `rows` numbers. @param rights room for right sides, of `columns` numbers. @param sum [rows, columns]; both by fours. */
export function createHeldProducts(
  kernel: Kernel,
  [rows, columns]: readonly [number, number],
  lefts: Rows,
  rights: Rows,
  sum: number,
): HeldProducts {
  const room = rights.at.length;
  let held = 0;
  /** Row of the earliest left side that is held; those of later steps follow. */
  let first = 0;
  const flush = () => {
    if (held > 0) kernel.addOuter(rows, columns, held, lefts.at[first]!, rights.at[room - held]!, sum);
    held = 0;
  };
  return {
    place: () => room - held - 1,
    took: (left) => {
      first = left;
      held++;
      if (held === room) flush();
    },
    flush,
    clear: () => {
      held = 0;
    },
  };
}
