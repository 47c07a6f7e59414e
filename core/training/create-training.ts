/** From a run's spec to its training. */
import type { Backend } from '../backend/operations.ts';
import type { OwnEpisode } from '../contract/own-episode.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import type { CharacterDataset } from '../data/character-images.ts';
import type { ImageDataset } from '../data/grey-images.ts';
import { readBinaryParameters } from '../experiments/binary.ts';
import { readCueRewardParameters } from '../experiments/cue-reward.ts';
import { readImagesParameters } from '../experiments/images.ts';
import { readMazeParameters } from '../experiments/maze.ts';
import { characterSide, readOmniglotParameters } from '../experiments/omniglot.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { createPlasticClassifier } from '../networks/plastic-classifier.ts';
import { createRandom } from '../random.ts';
import { createFewShotTask } from '../tasks/few-shot.ts';
import { createBinaryRecall } from '../tasks/binary-recall.ts';
import { createImageRecall } from '../tasks/image-recall.ts';
import { createCueRewardTraining } from './cue-reward-training.ts';
import { createFewShotTraining } from './few-shot-training.ts';
import { createMazeTraining } from './maze-training.ts';
import { refuseOwn, requireMaze, withOwnFewShot, withOwnRecall } from './own-episode.ts';
import { createRecallNetwork } from './recall-network.ts';
import { createRecallTraining } from './recall-training.ts';
import type { Helpers } from './shared-batch.ts';
import type { Training } from './training.ts';

/** What the episodes of an experiment are drawn from, by its `data`. */
export type TrainingData =
  | { readonly kind: 'images'; readonly dataset: ImageDataset }
  | { readonly kind: 'characters'; readonly dataset: CharacterDataset }
  | { readonly kind: 'generated' };

/**
 * @param helpers other threads, for trainings that know how to use them.
 * @param own takes the place of the held-out episodes.
 * @throws InputError where a parameter breaks its rule; `own-episode-not-possible`.
 */
export function createTraining(
  spec: RunSpec,
  data: TrainingData,
  backend: Backend,
  helpers?: Helpers,
  own?: OwnEpisode,
): Promise<Training> {
  const { parameters, variant, seed, experiment } = spec;
  if (experiment === 'images' && data.kind === 'images') {
    const options = readImagesParameters(parameters);
    const task = withOwnRecall(createImageRecall(options, data.dataset), own);
    const network = createRecallNetwork(task, { ...options, inputScale: 1 }, variant, seed, backend.operations);
    return Promise.resolve(createRecallTraining(task, network, options, seed, backend));
  }
  if (experiment === 'binary' && data.kind === 'generated') {
    const options = readBinaryParameters(parameters);
    const task = withOwnRecall(createBinaryRecall(options), own);
    const network = createRecallNetwork(task, { ...options, inputScale: 1 / options.inputGain }, variant, seed, backend.operations);
    return Promise.resolve(createRecallTraining(task, network, options, seed, backend));
  }
  if (experiment === 'omniglot' && data.kind === 'characters') {
    const options = readOmniglotParameters(parameters);
    const task = withOwnFewShot(createFewShotTask(options, data.dataset, characterSide), own);
    const shape = { ...options, side: characterSide, alphaKind: alphaKindOf(variant) };
    const network = createPlasticClassifier(backend.operations, shape, createRandom(seed, 'initial weights'));
    return Promise.resolve(createFewShotTraining(task, network, options, seed, backend));
  }
  if (experiment === 'maze' && data.kind === 'generated') {
    return Promise.resolve(createMazeTraining(readMazeParameters(parameters), variant, seed, helpers, requireMaze(own)));
  }
  if (experiment === 'cue-reward' && data.kind === 'generated') {
    refuseOwn(own);
    return Promise.resolve(createCueRewardTraining(readCueRewardParameters(parameters), variant, seed, helpers));
  }
  throw new Error(`the experiment ${experiment} cannot be trained on ${data.kind}`);
}
