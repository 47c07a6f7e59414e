/** The network of a recall task, by the run's variant. */
import type { Operations } from '../backend/operations.ts';
import type { VariantName } from '../contract/run-spec.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { createLstm } from '../networks/lstm.ts';
import type { Network } from '../networks/network.ts';
import { createPlasticRnn, type PlasticRnnOptions } from '../networks/plastic-rnn.ts';
import { createRandom } from '../random.ts';
import type { RecallTask } from '../tasks/recall.ts';

export interface RecallNetworkOptions extends Omit<PlasticRnnOptions, 'neurons' | 'alphaKind'> {
  /** Of an LSTM: multiplies what is shown. */
  readonly inputScale: number;
}

export function createRecallNetwork(
  { neurons, outputs }: Pick<RecallTask, 'neurons' | 'outputs'>,
  options: RecallNetworkOptions,
  variant: VariantName,
  seed: number,
  operations: Operations,
): Network {
  const random = createRandom(seed, 'initial weights');
  if (variant === 'lstm') return createLstm(operations, { neurons, inputs: outputs, inputScale: options.inputScale }, random);
  return createPlasticRnn(operations, { ...options, neurons, alphaKind: alphaKindOf(variant) }, random);
}
