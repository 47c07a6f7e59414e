/** ‖hebb(t)‖ of every step, computed between other work: of a thousand neurons, all steps together take seconds. */
import { rightFactors, traceNorm, type TraceFactors } from '../../core/inspection/trace-factors.ts';

const known = new WeakMap<TraceFactors, Float64Array>();

/**
 * @param onpart gets the norms so far, [T], NaN where one is still to come; at least once.
 * @returns what stops it.
 */
export function followNorms(factors: TraceFactors, onpart: (norms: Float64Array) => void): () => void {
  const { steps } = factors.episode;
  const norms = known.get(factors) ?? new Float64Array(steps).fill(NaN);
  known.set(factors, norms);
  let next = norms.findIndex(Number.isNaN);
  let waiting: number;
  const compute = (idle: IdleDeadline) => {
    while (next >= 0 && next < steps && idle.timeRemaining() > 0) {
      norms[next] = traceNorm(factors, rightFactors(factors, next + 1));
      next++;
    }
    const isDone = next < 0 || next >= steps;
    // A network that holds NaN has no norm, and would be asked for one forever.
    if (!isDone) waiting = requestIdleCallback(compute);
    onpart(norms.slice());
  };
  waiting = requestIdleCallback(compute);
  onpart(norms.slice());
  return () => cancelIdleCallback(waiting);
}
