/** The network of a recall task, by the run's variant. */
import type { Operations } from '../backend/operations.ts';
import type { NetworkExtension, Settings } from '../extensions/extension.ts';
import type { VariantName } from '../contract/run-spec.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { createLearned } from '../networks/learned.ts';
import { createLstm } from '../networks/lstm.ts';
import type { Network } from '../networks/network.ts';
import { createPlasticRnn, type PlasticRnnOptions } from '../networks/plastic-rnn.ts';
import { createRandom } from '../random.ts';
import type { RecallTask } from '../tasks/recall.ts';

export interface RecallNetworkOptions extends Omit<PlasticRnnOptions, 'neurons' | 'alphaKind'> {
  /** Of an LSTM: multiplies what is shown. */
  readonly inputScale: number;
  /** Of an LSTM: the neurons that see something, the first ones; as many as are judged, without. */
  readonly inputs?: number;
}

/** A network of the user's, with all parameters of the run. */
export interface OwnNetwork {
  readonly extension: NetworkExtension;
  readonly settings: Settings;
}

export function createRecallNetwork(
  { neurons, outputs }: Pick<RecallTask, 'neurons' | 'outputs'>,
  options: RecallNetworkOptions,
  variant: VariantName,
  seed: number,
  operations: Operations,
  own?: OwnNetwork,
): Network {
  const random = createRandom(seed, 'initial weights');
  const { inputs = outputs, inputScale } = options;
  if (own !== undefined) {
    return own.extension.create({ neurons, inputs, outputs, inputScale, settings: own.settings, operations, random, createLearned });
  }
  if (variant === 'lstm') return createLstm(operations, { neurons, inputs, inputScale }, random);
  return createPlasticRnn(operations, { ...options, neurons, alphaKind: alphaKindOf(variant) }, random);
}
