/** One held-out episode as arrays for export: all that another program needs to run it again and compare. */
import { isFullyClamped } from '../plasticity/protocol.ts';
import type { NamedArray, NamedArrays } from '../files/safetensors.ts';
import type { Rule } from '../plasticity/protocol.ts';
import type { ImageBatch } from '../tasks/image-reconstruction.ts';

/**
 * `given` [T, N] (the clamped values, 0 elsewhere), `clamped` [T, N] (1 or 0), `y` [T, N], `hebb` [N, N] after the last step,
 * `target` [N - 1], `loss` [1]; all float32, the bias neuron last.
 * @param computed computing step → y(step), [N].
 */
export function episodeArrays(
  { protocol, given: vectors, targets }: ImageBatch,
  computed: ReadonlyMap<number, Float32Array>,
  rule: Rule,
  eta: number,
  loss: number,
): NamedArrays {
  const { neurons, steps } = protocol;
  const given = new Float32Array(steps.length * neurons);
  const clamped = new Float32Array(steps.length * neurons);
  const y = new Float32Array(steps.length * neurons);
  steps.forEach((step, index) => {
    const fixed = new Set(step.clamped);
    const isFree = (j: number) => j >= step.free.start && j < step.free.end && !fixed.has(j);
    for (let j = 0; j < neurons; j++) {
      const at = index * neurons + j;
      const value = vectors[step.given * neurons + j]!;
      if (!isFree(j)) [given[at], clamped[at]] = [value, 1];
      y[at] = isFullyClamped(step) ? value : computed.get(index + 1)![j]!;
    }
  });
  const array = (data: Float32Array, ...shape: number[]): NamedArray => ({ dtype: 'F32', shape, data });
  return {
    given: array(given, steps.length, neurons),
    clamped: array(clamped, steps.length, neurons),
    y: array(y, steps.length, neurons),
    hebb: array(finalTrace(y, steps.length, neurons, rule, eta), neurons, neurons),
    target: array(targets, neurons - 1),
    loss: array(Float32Array.of(loss), 1),
  };
}

/** hebb after the last step from all activations [T, N], by the rule's own recursion, in double precision. */
function finalTrace(y: Float32Array, steps: number, n: number, rule: Rule, eta: number): Float32Array {
  const hebb = new Float64Array(n * n);
  for (let t = 1; t < steps; t++) {
    const before = y.subarray((t - 1) * n, t * n);
    const now = y.subarray(t * n, (t + 1) * n);
    for (let i = 0; i < n; i++) {
      const u = before[i]!;
      for (let j = 0; j < n; j++) {
        const at = i * n + j;
        const v = now[j]!;
        hebb[at] = rule === 'hebb' ? (1 - eta) * hebb[at]! + eta * u * v : hebb[at]! + eta * v * (u - v * hebb[at]!);
      }
    }
  }
  return Float32Array.from(hebb);
}
