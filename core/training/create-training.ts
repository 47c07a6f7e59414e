/** From a run's spec to its training. */
import { readImagesParameters } from '../experiments/images.ts';
import { createImageTraining } from './image-training.ts';
import type { Backend } from '../backend/operations.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import type { ImageDataset } from '../data/grey-images.ts';
import type { Training } from './training.ts';

/** @throws InputError where a parameter breaks its rule. */
export function createTraining(spec: RunSpec, dataset: ImageDataset, backend: Backend): Promise<Training> {
  return Promise.resolve(createImageTraining(readImagesParameters(spec.parameters), spec.variant, spec.seed, dataset, backend));
}
