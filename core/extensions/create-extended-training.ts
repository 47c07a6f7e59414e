/** The training of a run that works with something of the user's. */
import type { Backend } from '../backend/operations.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import type { ImageDataset } from '../data/grey-images.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { createRandom } from '../random.ts';
import { createDenseMachine } from '../training/dense-machine.ts';
import { createRecallNetwork } from '../training/recall-network.ts';
import { createRecallTraining, trainRecall } from '../training/recall-training.ts';
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
  const { variant, seed } = spec;
  const { rule, network: ownNetwork } = loaded;
  if (rule !== undefined && (variant === 'free' || variant === 'yoked')) {
    const { neurons, outputs } = task;
    const alphaKind = alphaKindOf(variant) === 'free' ? 'free' : 'yoked';
    const { initialW, initialAlpha, initialEta } = options;
    const machine = createDenseMachine(
      { neurons, outputs, alphaKind, rule, initialW, initialAlpha, initialEta },
      createRandom(seed, 'initial weights'),
    );
    return trainRecall(task, machine, { ...options, rule: undefined }, seed);
  }
  // A network without plasticity, or one of the user's, has no trace that a rule would change.
  const own = ownNetwork === undefined ? undefined : { extension: ownNetwork, settings };
  const network = createRecallNetwork(task, { ...options, inputs, inputScale }, variant, seed, backend.operations, own);
  return createRecallTraining(task, network, options, seed, backend);
}
