/** What a plasticity rule provides to one chunk: the trace as a sum hebb(t) = F(t) ∘ hebb(first) + Σ_x xᵀ G_x(t), and how gradients pass through. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { Chunk, ComputingStep, TermSum } from './plan.ts';
import type { Table } from './table.ts';

/** What a rule works from. */
export interface RuleContext {
  readonly operations: Operations;
  readonly chunk: Chunk;
  readonly table: Table;
  readonly batch: number;
  readonly width: number;
  readonly eta: number;
  /** The host's copy of a given vector over the batch, [B · width], for what is better computed there in double precision. */
  givenValues(given: number): Float32Array;
}

/** F(t): one factor for the whole trace, or one a neuron, [1, B · width]. */
export type TraceFactor = { readonly kind: 'scalar'; readonly value: number } | { readonly kind: 'columns'; readonly tensor: Tensor };

/**
 * One chunk under a rule. `weights`, then `traceFactor`, are called for each sum in rising order of steps; afterwards `gradient` for the
 * same sums in falling order. Each call runs in a step's tidy scope; what a rule must remember it keeps for the episode's.
 */
export interface RuleRun {
  /** G, [rows, B · columns], for the sum's columns. */
  weights(sum: TermSum): Tensor;
  traceFactor(sum: TermSum): TraceFactor;
  /** x for the step's new rows, [fresh, B · width]. */
  leftFactors(step: ComputingStep): Tensor;
  /**
   * @param dFactors ∂loss/∂x for the learned ones of the step's new rows, [learned, B · width].
   * @returns ∂loss/∂table through x, [tableRows, B · width].
   */
  leftFactorGradient(step: ComputingStep, dFactors: Tensor): Tensor;
  /**
   * @param dWeights ∂loss/∂G, [rows, B · columns]; undefined where the loss does not depend on it.
   * @param dFactor ∂loss/∂F: [1, 1] for a scalar factor, [1, B · width] otherwise; undefined without a dense trace.
   * @returns ∂loss/∂table through G and F, [tableRows, B · width].
   */
  gradient(sum: TermSum, dWeights: Tensor | undefined, dFactor: Tensor | undefined): Tensor | undefined;
  /** ∂loss/∂eta is the sum of these parts. */
  etaGradients(): readonly EtaGradient[];
}

/** Σ tensor ∘ factors, summed on the host in double precision. */
export interface EtaGradient {
  readonly tensor: Tensor;
  /** One factor an element of `tensor`. */
  readonly factors: Float64Array;
}
