/**
 * A batch shared out among threads, each with a network of its own, whose gradients begin anew with every share. Shares depend on the batch alone and are
 * added in their order, so that a result depends neither on how many threads there are nor on which of them is first.
 */
import type { SmallGradients, Vector } from './small-recurrent.ts';

/** Episodes `from` to `to` - 1 of a batch. */
export interface Share {
  readonly from: number;
  readonly to: number;
}

/** @param size episodes of a share; the last one may have fewer. */
export function shareOut(batch: number, size: number): Share[] {
  if (!(size >= 1)) throw new RangeError(`a share has at least one episode, not ${size}`);
  return Array.from({ length: Math.ceil(batch / size) }, (_, index) => ({ from: index * size, to: Math.min(batch, (index + 1) * size) }));
}

/** Their sum in double precision. @param shares in their order, at least one. */
export function addGradients(shares: readonly SmallGradients[]): SmallGradients {
  const [first, ...others] = shares;
  if (first === undefined) throw new RangeError('there are no gradients to add');
  const sum = { w: Float64Array.from(first.w), alpha: Float64Array.from(first.alpha), eta: first.eta };
  for (const { w, alpha, eta } of others) {
    addTo(sum.w, w);
    addTo(sum.alpha, alpha);
    sum.eta += eta;
  }
  return sum;
}

function addTo(sum: Float64Array, values: Vector): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += values[at]!;
}
