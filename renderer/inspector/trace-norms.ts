/** ‖hebb(t)‖ of every step, computed between other work: of a thousand neurons, all steps together take seconds. */
import { rightFactors, traceNorm, type TraceFactors } from '../../core/inspection/trace-factors.ts';

/** How long the page computes at once. */
const sliceMs = 8;
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const compute = () => {
    const untilMs = performance.now() + sliceMs;
    while (next >= 0 && next < steps && performance.now() < untilMs) {
      norms[next] = traceNorm(factors, rightFactors(factors, next + 1));
      next++;
    }
    const isDone = next < 0 || next >= steps;
    // A network that holds NaN has no norm, and would be asked for one forever.
    if (!isDone) timer = setTimeout(compute, sliceMs);
    onpart(norms.slice());
  };
  timer = setTimeout(compute, 300);
  onpart(norms.slice());
  return () => clearTimeout(timer);
}
