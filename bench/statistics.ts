/** Robust figures of a few measurements. */

/** @throws RangeError when there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('a median needs at least one value');
  return sorted.length % 2 === 1 ? upper : (upper + sorted[middle - 1]!) / 2;
}

export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

/** @throws RangeError as `median`. */
export function spread(values: readonly number[]): Spread {
  return { minimum: Math.min(...values), median: median(values), maximum: Math.max(...values) };
}

/**
 * The smallest value that is not exceeded by the share `part` of the values (nearest rank).
 * @throws RangeError as `median`.
 */
export function percentile(values: readonly number[], part: number): number {
  const value = [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(part * values.length) - 1)];
  if (value === undefined) throw new RangeError('a percentile needs at least one value');
  return value;
}
