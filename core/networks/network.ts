/** What a recall training needs of a network, whatever its kind. */
import type { Tensor } from '../backend/operations.ts';
import type { NamedArrays } from '../files/named-arrays.ts';
import type { PlanChooser } from '../plasticity/plan-chooser.ts';
import type { Protocol } from '../plasticity/protocol.ts';
import type { Gradients, Learned } from './learned.ts';

/** A batch of episodes that has run; belongs to the `tidy` scope that it ran in. */
export interface NetworkRun {
  /** The activations after a step that computes, [B, `width`], neurons in the order of the protocol. */
  activation(step: number): Tensor;
  /**
   * Backpropagates through the whole episode. Call once.
   * @param dy step → ∂loss/∂activation, [B, `width`].
   */
  differentiate(dy: ReadonlyMap<number, Tensor>): Gradients;
}

export interface Network {
  /** Neurons as stored. */
  readonly width: number;
  readonly learned: Learned;
  /**
   * Runs a batch inside `tidy`.
   * @param given [G, B, N] (see `Protocol`).
   */
  run(protocol: Protocol, given: Float32Array, batch: number, options: { readonly forGradients: boolean }): NetworkRun;
  /** The steps whose activations `run` knows; in all others every neuron is clamped. */
  steps(protocol: Protocol): number[];
  /** The parameters alone, for people and other programs. */
  weights(): Promise<NamedArrays>;
  /** How it computes episodes of training, where that is its own choice: with its parameters, all that it takes to go on exactly. */
  readonly plans?: Pick<PlanChooser, 'capture' | 'restore'>;
  /** Of plastic networks. */
  readonly eta: number | undefined;
  /** Whether it computes neuron by neuron what a protocol says: inputs are added to drives, and where there is a trace it is cleared. */
  readonly followsProtocol?: boolean;
}
