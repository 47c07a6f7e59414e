/** How values spread. */
import { quantileSorted } from 'simple-statistics';

export interface Spread {
  readonly median: number;
  /** First quartile. */
  readonly lower: number;
  /** Third quartile. */
  readonly upper: number;
  readonly n: number;
}

/** Median and quartiles; null of nothing. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, median, upper] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.5), quantileSorted(sorted, 0.75)];
  return { median, lower, upper, n: sorted.length };
}
