/** One held-out episode as arrays for export: all that another program needs to run it again and compare. */
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import type { RecallBatch } from '../tasks/recall.ts';

type EpisodeArrays = NamedArrays & { readonly y: NamedArray & { readonly data: Float32Array } };

/**
 * `given` [T, N] (the clamped values, 0 elsewhere), `clamped` [T, N] (1 or 0), `input` [T, N] (what is added to the drive, where the task adds
 * something), `y` [T, N], `target` [outputs], `loss` [1]; all float32, the bias neuron last.
 * @param computed computing step → y(step), [N].
 */
export function episodeArrays(
  { protocol, given: vectors, targets }: RecallBatch,
  computed: ReadonlyMap<number, Float32Array>,
  loss: number,
): EpisodeArrays {
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
  const array = (data: Float32Array, ...shape: number[]) => ({ dtype: 'F32', shape, data }) as const;
  const overSteps = (data: Float32Array) => array(data, steps.length, neurons);
  return {
    given: overSteps(given),
    clamped: overSteps(clamped),
    ...(steps.some((step) => step.input !== undefined) ? { input: overSteps(input) } : {}),
    y: overSteps(y),
    target: array(targets, targets.length),
    loss: array(Float32Array.of(loss), 1),
  };
}
