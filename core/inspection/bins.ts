/** Values counted into bins around zero. */

export interface Spread {
  /** From -end to end; what lies beyond is in the first or the last. */
  readonly counts: readonly number[];
  readonly end: number;
  readonly mean: number;
  readonly deviation: number;
  /** Those that are no numbers. */
  readonly broken: number;
}

const bins = 61;

export function countBins(values: ArrayLike<number>, end: number): Spread {
  const counts = new Array<number>(bins).fill(0);
  let [sum, squares, broken] = [0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!Number.isFinite(value)) {
      broken++;
      continue;
    }
    sum += value;
    squares += value ** 2;
    const bin = Math.floor(((value / end + 1) / 2) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]!++;
  }
  const count = Math.max(1, values.length - broken);
  const mean = sum / count;
  return { counts, end, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean ** 2)), broken };
}
