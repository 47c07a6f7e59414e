/** Smoothing for the eye: a centred running mean over so many iterations, whatever the zoom. What is shown as exact never comes from here. */
import type { Curve } from './curve.ts';
import type { Path } from './lines.ts';

/** Iterations of the window; 1: none. */
export const smoothingSteps = [1, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000] as const;

/** The mean of each bucket with its neighbours; at the ends the window is as narrow as it has to be to stay centred. */
export function smooth({ x, mean, bucket }: Curve, iterations: number): Path {
  const half = Math.floor(iterations / bucket / 2);
  if (half < 1) return { x, y: mean };
  const sums = new Float64Array(mean.length + 1);
  const counts = new Uint32Array(mean.length + 1);
  for (let index = 0; index < mean.length; index++) {
    const value = mean[index]!;
    const is = Number.isNaN(value) ? 0 : 1;
    sums[index + 1] = sums[index]! + (is === 1 ? value : 0);
    counts[index + 1] = counts[index]! + is;
  }
  const y = new Float64Array(mean.length);
  for (let index = 0; index < mean.length; index++) {
    const reach = Math.min(half, index, mean.length - 1 - index);
    const [from, end] = [index - reach, index + reach + 1];
    y[index] = (sums[end]! - sums[from]!) / (counts[end]! - counts[from]!);
  }
  return { x, y };
}
