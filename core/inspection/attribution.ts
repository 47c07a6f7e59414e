/**
 * Which memory made this: the recurrent part of a neuron's drive at a step, split exactly into the parts of `w` and of everything that was written into
 * the trace. What comes in besides, from outside the network, is in `attribution-input.ts`.
 */
import { activation, givenTrace, restrict, rightFactors, type TraceFactors } from './trace-factors.ts';

export interface Weights {
  /** [N, N] as [pre, post]. */
  readonly w: Float32Array;
  /** [N, N], also where it is one number for all. */
  readonly alpha: Float32Array;
}

export interface DriveParts {
  /** Σ_i y_i(t-1) w_ij. */
  readonly w: number;
  /** A block's name → Σ_i y_i(t-1) alpha_ij hebb_ij, of what was written in its steps; under an own rule one block, `wholeTrace`. */
  readonly blocks: ReadonlyMap<string, number>;
}

export const wholeTrace = 'the trace';

/** @param j the neuron. @param blockOf the block that step s belongs to. */
export function splitDrive(
  factors: TraceFactors,
  { w, alpha }: Weights,
  t: number,
  j: number,
  blockOf: (step: number) => string,
): DriveParts {
  const { episode, left, count } = factors;
  const { neurons: n } = episode;
  const previous = t > 1 ? activation(episode, t - 1) : new Float32Array(n);
  const given = episode.rule === 'own' ? givenTrace(episode, t) : undefined;
  let [plain, whole] = [0, 0];
  // Σ_i y_i u_i alpha_ij for each u: with it every block is a sum over u.
  const met = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const x = previous[i]!;
    if (x === 0) continue;
    plain += x * w[i * n + j]!;
    const plastic = x * alpha[i * n + j]!;
    if (given !== undefined) whole += plastic * given[i * n + j]!;
    else for (let u = 0; u < count; u++) met[u]! += plastic * left[u * n + i]!;
  }
  if (given !== undefined) return { w: plain, blocks: new Map([[wholeTrace, whole]]) };
  const column = restrict(factors, [j]);
  const names = new Set(Array.from({ length: t - 1 }, (_, at) => blockOf(at + 1)));
  const blocks = [...names].map((name): [string, number] => {
    const right = rightFactors(column, t, (step) => blockOf(step) === name);
    return [name, right.reduce((sum, value, u) => sum + met[u]! * value, 0)];
  });
  return { w: plain, blocks: new Map(blocks) };
}
