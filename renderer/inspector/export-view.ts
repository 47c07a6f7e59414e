/** What is looked at as one array file: activations, weights and the trace of the step, as float32 of the sums in double precision. */
import { encodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import { traceMatrix } from '../../core/inspection/trace-factors.ts';
import { attempt, tell } from '../ui/tell.ts';
import type { OpenEpisode } from './inspection.svelte.ts';

export async function exportView(run: string, episode: OpenEpisode, right: Float64Array | undefined, step: number): Promise<void> {
  await attempt(async () => {
    const bytes = encodeSafetensors(arraysOf(episode, right), { run, iteration: String(episode.iteration), step: String(step) });
    const name = `${run}-${episode.iteration}-episode-${episode.seed}-step-${step}.safetensors`;
    const path = await window.engram.ask('save', { name, bytes: new Uint8Array(bytes) });
    if (path !== null) tell(`Saved ${path}`);
  }, 'The arrays were not saved');
}

function arraysOf({ arrays, matrices, factors, neurons }: OpenEpisode, right: Float64Array | undefined): NamedArrays {
  const square = (data: Float32Array) => ({ dtype: 'F32', shape: [neurons, neurons], data }) as const;
  return {
    ...arrays,
    ...(matrices === undefined ? {} : { w: square(matrices.w), alpha: square(matrices.alpha) }),
    ...(factors === undefined || right === undefined ? {} : { hebb: square(traceMatrix(factors, right)) }),
  };
}
