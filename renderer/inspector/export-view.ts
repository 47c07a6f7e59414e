/** What is looked at as files: arrays (activations, weights and the trace of the step, as float32 of the sums in double precision), numbers. */
import { encodeNpz } from '../../core/files/npz-write.ts';
import { encodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import { traceMatrix } from '../../core/inspection/trace-factors.ts';
import { saveFile } from '../ui/save-file.ts';
import type { OpenEpisode } from './inspection.svelte.ts';
import { panelValue } from './limits.ts';
import type { PanelName } from './panels.ts';

/** Of a run's episode at a step, without its ending. */
export function fileName(run: string, { iteration, seed }: OpenEpisode, step: number): string {
  return `${run}-${iteration}-episode-${seed}-step-${step}`;
}

export async function saveArrays(
  format: 'safetensors' | 'npz',
  name: string,
  run: string,
  episode: OpenEpisode,
  right: Float64Array | undefined,
  step: number,
): Promise<void> {
  const about = { run, iteration: String(episode.iteration), step: String(step) };
  await save(`${name}.${format}`, () => {
    const arrays = arraysOf(episode, right);
    return Promise.resolve(format === 'npz' ? encodeNpz(arrays) : encodeSafetensors(arrays, about));
  });
}

/** y of every neuron, a line a step. */
export async function saveActivations(name: string, { y, steps, neurons, labels }: OpenEpisode): Promise<void> {
  await save(`${name}.csv`, () => {
    const head = ['step', 'what', ...Array.from({ length: neurons }, (_, neuron) => `y${neuron}`)].join(',');
    const lines = labels.slice(0, steps).map((label, at) => [at + 1, label, ...y!.subarray(at * neurons, (at + 1) * neurons)].join(','));
    return Promise.resolve(new TextEncoder().encode([head, ...lines, ''].join('\n')));
  });
}

async function save(name: string, make: () => Promise<Uint8Array>): Promise<void> {
  await saveFile(name, make, 'It was not saved');
}

/** What the episode was, and the matrices of the step as they are shown: `hebb`, `plastic` (alpha ∘ hebb) and `total` (w + alpha ∘ hebb). */
function arraysOf({ arrays, matrices, factors, neurons }: OpenEpisode, right: Float64Array | undefined): NamedArrays {
  const square = (data: Float32Array) => ({ dtype: 'F32', shape: [neurons, neurons], data }) as const;
  if (matrices === undefined) return arrays;
  const shown = (name: PanelName) =>
    square(
      Float32Array.from({ length: neurons ** 2 }, (_, at) => {
        return panelValue(name, matrices, factors, right, { i: Math.floor(at / neurons), j: at % neurons });
      }),
    );
  const learned = { ...arrays, w: square(matrices.w), alpha: square(matrices.alpha) };
  if (factors === undefined || right === undefined) return learned;
  return { ...learned, hebb: square(traceMatrix(factors, right)), plastic: shown('plastic'), total: shown('total') };
}
