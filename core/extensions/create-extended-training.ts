/** The training of a run that works with something of the user's. */
import type { Backend } from '../backend/operations.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import type { ImageDataset } from '../data/grey-images.ts';
import { findUsedExtensions } from '../experiments/extended.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { connectionRules } from '../plasticity/connection-rule.ts';
import { createRandom } from '../random.ts';
import { createDenseMachine } from '../training/dense-machine.ts';
import { createRecallNetwork } from '../training/recall-network.ts';
import { createRecallTraining, trainRecall } from '../training/recall-training.ts';
import type { Training } from '../training/training.ts';
import { createExtendedTask } from './extended-task.ts';
import { bindRule } from './bind-rule.ts';
import { requireLstmOutputs } from './create-recall-task.ts';
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
    // A variation of the run may have one of Engram's rules: what was learned stays in the form that it has.
    const isOwn = findUsedExtensions(spec, spec.extensions ?? []).some(({ kind }) => kind === 'rule');
    const connectionRule = isOwn ? bindRule(rule, settings) : connectionRules[spec.parameters['rule'] === 'oja' ? 'oja' : 'hebb'];
    const machine = createDenseMachine(
      { neurons, outputs, alphaKind, rule: connectionRule, initialW, initialAlpha, initialEta },
      createRandom(seed, 'initial weights'),
    );
    return trainRecall(task, machine, { ...options, rule: undefined }, seed);
  }
  if (variant === 'lstm') requireLstmOutputs(task);
  // A network without plasticity, or one of the user's, has no trace that a rule would change.
  const own = ownNetwork === undefined ? undefined : { extension: ownNetwork, settings };
  const network = createRecallNetwork(task, { ...options, inputs, inputScale }, variant, seed, backend.operations, own);
  return createRecallTraining(task, network, options, seed, backend);
}
