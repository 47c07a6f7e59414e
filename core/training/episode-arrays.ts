/** One held-out episode as arrays for export: all that another program needs to run it again and compare. */
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import type { Rule } from '../plasticity/protocol.ts';
import type { RecallBatch } from '../tasks/recall.ts';

/**
 * `given` [T, N] (the clamped values, 0 elsewhere), `clamped` [T, N] (1 or 0), `input` [T, N] (what is added to the drive, where the task adds
 * something), `y` [T, N], of a plastic network `hebb` [N, N] after the last step, `target` [outputs], `loss` [1]; all float32, the bias neuron last.
 * @param computed computing step → y(step), [N].
 * @param plasticity `eta` is undefined for networks without plasticity.
 */
export function episodeArrays(
  { protocol, given: vectors, targets }: RecallBatch,
  computed: ReadonlyMap<number, Float32Array>,
  { rule, eta }: { readonly rule: Rule; readonly eta: number | undefined },
  loss: number,
): NamedArrays {
  const { neurons, steps } = protocol;
  const matrix = () => new Float32Array(steps.length * neurons);
  const [given, clamped, input, y] = [matrix(), matrix(), matrix(), matrix()];
  const row = (index: number) => vectors.subarray(index * neurons, (index + 1) * neurons);
  steps.forEach((step, index) => {
    const fixed = new Set(step.clamped);
    const isFree = (j: number) => j >= step.free.start && j < step.free.end && !fixed.has(j);
    const values = row(step.given);
    for (let j = 0; j < neurons; j++) {
      if (!isFree(j)) [given[index * neurons + j], clamped[index * neurons + j]] = [values[j]!, 1];
    }
    if (step.input !== undefined) input.set(row(step.input), index * neurons);
    y.set(computed.get(index + 1) ?? values, index * neurons);
  });
  const array = (data: Float32Array, ...shape: number[]): NamedArray => ({ dtype: 'F32', shape, data });
  const overSteps = (data: Float32Array) => array(data, steps.length, neurons);
  return {
    given: overSteps(given),
    clamped: overSteps(clamped),
    ...(steps.some((step) => step.input !== undefined) ? { input: overSteps(input) } : {}),
    y: overSteps(y),
    ...(eta === undefined ? {} : { hebb: array(finalTrace(y, steps.length, neurons, rule, eta), neurons, neurons) }),
    target: array(targets, targets.length),
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
