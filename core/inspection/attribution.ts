/** Which memory made this: the drive of the neurons at a step, split exactly into the parts of `w` and of everything that was written into the trace. */
import { activation, rightFactors, type TraceFactors } from './trace-factors.ts';

export interface Weights {
  /** [N, N] as [pre, post]. */
  readonly w: Float32Array;
  /** [N, N], also where it is one number for all. */
  readonly alpha: Float32Array;
}

export interface DriveParts {
  /** Σ_i y_i(t-1) w_ij, [N]. */
  readonly w: Float64Array;
  /** A block's name → Σ_i y_i(t-1) alpha_ij hebb_ij, of what was written in its steps, [N]. */
  readonly blocks: ReadonlyMap<string, Float64Array>;
}

/** @param blockOf the block that step s belongs to. */
export function splitDrive(factors: TraceFactors, { w, alpha }: Weights, t: number, blockOf: (step: number) => string): DriveParts {
  const { episode, left, count } = factors;
  const { neurons: n } = episode;
  const previous = t > 1 ? activation(episode, t - 1) : new Float32Array(n);
  const plain = new Float64Array(n);
  // Σ_i y_i u_i alpha_ij for each u: with it every block is a sum over u.
  const met = new Float64Array(count * n);
  for (let i = 0; i < n; i++) {
    const x = previous[i]!;
    if (x === 0) continue;
    for (let j = 0; j < n; j++) plain[j]! += x * w[i * n + j]!;
    for (let u = 0; u < count; u++) {
      const product = x * left[u * n + i]!;
      if (product === 0) continue;
      for (let j = 0; j < n; j++) met[u * n + j]! += product * alpha[i * n + j]!;
    }
  }
  const names = new Set(Array.from({ length: t - 1 }, (_, at) => blockOf(at + 1)));
  const blocks = [...names].map((name): [string, Float64Array] => {
    const right = rightFactors(factors, t, (step) => blockOf(step) === name);
    const part = new Float64Array(n);
    for (let at = 0; at < met.length; at++) part[at % n]! += met[at]! * right[at]!;
    return [name, part];
  });
  return { w: plain, blocks: new Map(blocks) };
}
