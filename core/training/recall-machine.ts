/** What runs the episodes of a recall task and learns from them: a network on a backend, or the dense form on the host. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { OptimiserSettings } from '../experiments/common-parameters.ts';
import type { NamedArrays } from '../files/named-arrays.ts';
import type { Network } from '../networks/network.ts';
import { resizeMatrix } from '../plasticity/layout.ts';
import type { Protocol } from '../plasticity/protocol.ts';
import type { RecallBatch } from '../tasks/recall.ts';
import { optimise, type Optimised } from './optimise.ts';

export interface RecallMachine {
  /** The activations after some of its steps, [B, N] each. */
  answer(batch: RecallBatch, steps: readonly number[]): Promise<Float32Array[]>;
  /**
   * One step of gradient descent on the mean over the batch of Σ (y - target)² over the neurons that are judged, after the last step.
   * @param iteration this step's number, from 1.
   * @param judge takes the activations after the last step, [B, N].
   * @throws FailureError `loss-not-finite`; the parameters are then unchanged.
   */
  learn<Judgement extends { readonly loss: number }>(
    batch: RecallBatch,
    settings: OptimiserSettings,
    iteration: number,
    judge: (y: Float32Array) => Judgement,
  ): Promise<Optimised<Judgement>>;
  /** The steps whose activations `answer` knows; in all others every neuron is clamped. */
  steps(protocol: Protocol): number[];
  /** Of plastic networks. */
  readonly eta: number | undefined;
  /** See `Network`. */
  readonly plans?: Network['plans'];
  /** See `Network`. */
  readonly followsProtocol: boolean;
  /** hebb(1) to hebb(T + 1) of one episode, [N, N] each, where they follow no rule of the engine's. */
  traces?(batch: RecallBatch): readonly Float64Array[];
  weights(): Promise<NamedArrays>;
  capture(): Promise<NamedArrays>;
  /** @throws InputError `checkpoint-mismatch`; nothing is changed then. */
  restore(arrays: NamedArrays): void;
  liveTensors(): number;
  dispose(): void;
}

/** @param outputs the neurons that are judged: the first ones. */
export function createNetworkMachine(network: Network, outputs: number, operations: Operations): RecallMachine {
  const { width, learned } = network;

  /** [B, width]. */
  const lossGradient = (y: Tensor, { targets, batch }: RecallBatch) => {
    const answer = operations.slice(y, [0, 0], [batch, outputs]);
    const error = operations.subtract(answer, operations.tensor(targets, [batch, outputs]));
    return operations.pad(operations.scale(error, 2 / batch), [
      [0, 0],
      [0, width - outputs],
    ]);
  };

  return {
    answer: async (batch, steps) => {
      const tensors = operations.tidy(() => {
        const run = network.run(batch.protocol, batch.given, batch.batch, { forGradients: false });
        return steps.map((step) => operations.keep(run.activation(step)));
      });
      try {
        return (await operations.read(tensors)).map((values) => resizeMatrix(values, width, batch.batch, batch.protocol.neurons));
      } finally {
        tensors.forEach((tensor) => operations.dispose(tensor));
      }
    },
    learn: (batch, settings, iteration, judge) => {
      const last = batch.protocol.steps.length;
      return optimise(
        operations,
        learned,
        settings,
        iteration,
        () => {
          const run = network.run(batch.protocol, batch.given, batch.batch, { forGradients: true });
          const y = run.activation(last);
          return { outputs: [y], gradients: run.differentiate(new Map([[last, lossGradient(y, batch)]])) };
        },
        ([y]) => judge(resizeMatrix(y!, width, batch.batch, batch.protocol.neurons)),
      );
    },
    steps: network.steps,
    get eta() {
      return network.eta;
    },
    ...(network.plans === undefined ? {} : { plans: network.plans }),
    followsProtocol: network.followsProtocol === true,
    weights: network.weights,
    capture: learned.capture,
    restore: learned.restore,
    liveTensors: operations.liveTensors,
    dispose: learned.dispose,
  };
}
