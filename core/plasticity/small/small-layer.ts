/** A small dense layer without a bias, step by step like the networks that it feeds or reads: out(t) = x(t) · matrix. */
import type { Vector } from './small-recurrent.ts';

export interface SmallLayerOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** The longest episode. */
  readonly steps: number;
}

export interface SmallLayer {
  /** Copies the matrix, [inputs, outputs], which episodes use from now on; its gradient's sum begins anew. @throws RangeError for another size. */
  setWeights(matrix: Vector): void;
  /** Begins an episode. */
  begin(): void;
  /**
   * @param x [inputs]; copied.
   * @returns [outputs]; valid until the next call.
   * @throws RangeError beyond the longest episode, or for an x of another length.
   */
  step(x: Vector): Vector;
  /**
   * The steps again, backwards: takes ∂loss/∂out(t), [outputs], into the gradient. After the first of them no other `step` may come before the
   * next `begin`.
   * @throws RangeError where no step is left, or for another length.
   */
  stepBack(d: Vector): void;
  /** ∂loss/∂x, [inputs], for ∂loss/∂out, [outputs]; valid until the next call. @throws RangeError for another length. */
  slopeOf(d: Vector): Vector;
  /** ∂loss/∂matrix, [inputs, outputs], summed over the episodes that went back since `setWeights`. */
  gradient(): Vector;
}
