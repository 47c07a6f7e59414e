/** Applies what is changed in an episode to episodes of few examples. */
import type { EpisodeChange } from '../contract/ablation.ts';
import { createRandom } from '../random.ts';
import type { FewShotBatch } from '../tasks/few-shot.ts';
import { chooseByNumber, refuseAblation, requireStep } from './ablation-rules.ts';

/** A batch that was changed, and the numbers of the presentations that it has, as they were drawn. */
export interface ChangedFewShot {
  readonly batch: FewShotBatch;
  readonly numbers: readonly number[];
}

/**
 * The batch, changed; what was drawn stays as it is.
 * @param first the number of its first episode, for the noise's streams.
 * @throws InputError `ablation-not-possible` where the task or the network has nothing of the kind.
 */
export function changeFewShot(
  drawn: FewShotBatch,
  { presentations, noise, clearedAt }: EpisodeChange,
  isPlastic: boolean,
  first: number,
): ChangedFewShot {
  const { numbers, batch } = present(drawn, presentations ?? Array.from({ length: drawn.presentations }, (_, at) => at + 1));
  if (clearedAt !== undefined) {
    if (!isPlastic) refuseAblation('this network has no Hebbian trace that could be cleared');
    requireStep(clearedAt, batch.presentations + 1);
  }
  const { inputs = 0, drives = 0, seed = 0 } = noise ?? {};
  if (drives > 0)
    refuseAblation('few-shot learning takes noise on its images only: its plastic layer answers with a softmax, and the label drives it');
  return { numbers, batch: inputs > 0 ? addNoise(batch, inputs, seed, first) : batch };
}

function present(batch: FewShotBatch, numbers: readonly number[]): ChangedFewShot {
  const { presentations, side } = batch;
  const pixels = side * side;
  const images = new Float32Array(batch.batch * (numbers.length + 1) * pixels);
  const labels = new Uint8Array(batch.batch * numbers.length);
  // The question follows the presentations.
  const wanted = [
    ...chooseByNumber(
      Array.from({ length: presentations }, (_, at) => at),
      numbers,
    ),
    presentations,
  ];
  for (let episode = 0; episode < batch.batch; episode++) {
    wanted.forEach((from, to) => {
      const at = (episode * (presentations + 1) + from) * pixels;
      images.set(batch.images.subarray(at, at + pixels), (episode * wanted.length + to) * pixels);
      if (from < presentations) labels[episode * numbers.length + to] = batch.labels[episode * presentations + from]!;
    });
  }
  return { numbers, batch: { ...batch, presentations: numbers.length, images, labels } };
}

function addNoise(batch: FewShotBatch, deviation: number, seed: number, first: number): FewShotBatch {
  const each = batch.images.length / batch.batch;
  const streams = Array.from({ length: batch.batch }, (_, episode) => createRandom(seed, `noise of episode ${first + episode}`));
  return { ...batch, images: batch.images.map((value, at) => value + deviation * streams[Math.floor(at / each)]!.normal()) };
}
