/** The training of a run that works with something of the user's. */
import type { Backend } from '../backend/operations.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import type { ImageDataset } from '../data/grey-images.ts';
import { createRecallNetwork } from '../training/recall-network.ts';
import { createRecallTraining } from '../training/recall-training.ts';
import type { Training } from '../training/training.ts';
import { createExtendedTask } from './extended-task.ts';
import type { LoadedExtensions } from './loaded.ts';

/** @throws InputError as `createExtendedTask`. */
export function createExtendedTraining(
  spec: RunSpec,
  dataset: ImageDataset | undefined,
  backend: Backend,
  loaded: LoadedExtensions,
): Training {
  const { task, options, settings, inputs, inputScale } = createExtendedTask(spec, loaded, dataset);
  const own = loaded.network === undefined ? undefined : { extension: loaded.network, settings };
  const network = createRecallNetwork(task, { ...options, inputs, inputScale }, spec.variant, spec.seed, backend.operations, own);
  return createRecallTraining(task, network, options, spec.seed, backend);
}
