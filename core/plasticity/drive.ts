/** The plastic part of a neuron's drive, y(t-1) · (alpha ∘ hebb(t)), for each kind of alpha; forward and backward. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { ComputingStep } from './plan.ts';

/** What flows back through the sum over the chunk's terms at one step. */
export interface DriveGradient {
  /** ∂loss/∂G, [rows, B · columns]. */
  readonly dWeights: Tensor;
  /** ∂loss/∂table through the left factors, [tableRows, B · width]; undefined where it is zero. */
  readonly dTable: Tensor | undefined;
  /** ∂loss/∂y(t-1), [1, B · width]; undefined where y(t-1) is given. */
  readonly dPrevious: Tensor | undefined;
}

/**
 * The short sum of one chunk. `forward` is called in rising order of steps, `backward` in falling order, each in a step's tidy scope.
 * `previous` is y(t-1), [1, B · width]; `weights` is G, [rows, B · columns]; `d` is ∂loss/∂a(t), [1, B · columns].
 */
export interface TermDrive {
  /** Σ_x (alpha's share of x and y(t-1)) ∘ G_x, [1, B · columns]. */
  forward(step: ComputingStep, previous: Tensor, weights: Tensor): Tensor;
  backward(step: ComputingStep, previous: Tensor, weights: Tensor, d: Tensor): DriveGradient;
}

export interface DriveContext {
  readonly operations: Operations;
  readonly batch: number;
  readonly width: number;
}
