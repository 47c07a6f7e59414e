/** What is looked at as files: arrays (activations, weights and the trace of the step, as float32 of the sums in double precision), a picture, numbers. */
import { encodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import { traceMatrix } from '../../core/inspection/trace-factors.ts';
import { readColours } from '../charts/theme-colours.ts';
import { saveFile } from '../ui/save-file.ts';
import { currentDiverging } from './diverging.ts';
import type { OpenEpisode } from './inspection.svelte.ts';

/** Of a run's episode at a step, without its ending. */
export function fileName(run: string, { iteration, seed }: OpenEpisode, step: number): string {
  return `${run}-${iteration}-episode-${seed}-step-${step}`;
}

export async function saveArrays(
  name: string,
  run: string,
  episode: OpenEpisode,
  right: Float64Array | undefined,
  step: number,
): Promise<void> {
  const about = { run, iteration: String(episode.iteration), step: String(step) };
  await save(`${name}.safetensors`, () => Promise.resolve(encodeSafetensors(arraysOf(episode, right), about)));
}

/** All matrices of the first row of them in `page`, with their names and how far their colours reach. */
export async function saveMatrices(name: string, page: HTMLElement): Promise<void> {
  await save(`${name}.png`, async () => {
    const frame = page.querySelector<HTMLElement>('[data-matrices]');
    const drawn = frame?.querySelector('canvas');
    if (!frame || !drawn) throw new Error('no matrices are shown');
    const blob = await new Promise<Blob | null>((resolve) => compose(frame, drawn).toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('the picture is too large to be made');
    return new Uint8Array(await blob.arrayBuffer());
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

const margin = 30;

function compose(frame: HTMLElement, drawn: HTMLCanvasElement): HTMLCanvasElement {
  const ratio = drawn.width / drawn.clientWidth;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [drawn.width, Math.round(drawn.height + 2 * margin * ratio)];
  const context = canvas.getContext('2d')!;
  const { page, text } = readColours();
  context.fillStyle = page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, 0, margin * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = text;
  context.font = `12px ${getComputedStyle(frame).fontFamily}`;
  const { negative, zero, positive } = currentDiverging();
  for (const panel of frame.querySelectorAll<HTMLElement>('[data-label]')) {
    const [left, bottom] = [panel.offsetLeft, margin + drawn.clientHeight];
    const { label = '', limit = '' } = panel.dataset;
    context.fillText(label, left, 18);
    const scale = context.createLinearGradient(left, 0, left + 60, 0);
    [negative, zero, positive].forEach((colour, at) => scale.addColorStop(at / 2, `rgb(${colour.join(' ')})`));
    context.fillStyle = scale;
    context.fillRect(left, bottom + 8, 60, 8);
    context.fillStyle = text;
    context.fillText(`\u2212${limit} to ${limit}`, left + 68, bottom + 17);
  }
  return canvas;
}

async function save(name: string, make: () => Promise<Uint8Array>): Promise<void> {
  await saveFile(name, make, 'It was not saved');
}

function arraysOf({ arrays, matrices, factors, neurons }: OpenEpisode, right: Float64Array | undefined): NamedArrays {
  const square = (data: Float32Array) => ({ dtype: 'F32', shape: [neurons, neurons], data }) as const;
  return {
    ...arrays,
    ...(matrices === undefined ? {} : { w: square(matrices.w), alpha: square(matrices.alpha) }),
    ...(factors === undefined || right === undefined ? {} : { hebb: square(traceMatrix(factors, right)) }),
  };
}
