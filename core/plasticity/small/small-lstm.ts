/**
 * A small long short-term memory network (Hochreiter, Schmidhuber 1997, with forget gates), step by step like a small plastic network, one episode at a
 * time: the baseline without plasticity where the next input depends on the answer.
 *
 * z(t) = drive(t) + h(t-1) · w,  [i f o g] = [σ σ σ tanh](z),  c(t) = f c(t-1) + i g,  y(t) = h(t) = o tanh(c(t)),  h(0) = c(0) = 0
 */
import type { SteppedNetwork, Vector } from './small-recurrent.ts';

/** Columns of w and of a drive, N each: input gate, forget gate, output gate, candidate. */
export const lstmGates = 4;

export interface SmallLstmOptions {
  readonly neurons: number;
  /** The longest episode. */
  readonly steps: number;
}

export interface SmallLstm extends SteppedNetwork {
  /** Copies w, [N, 4 N], which episodes use from now on; its gradient's sum begins anew. @throws RangeError for another size. */
  setWeights(w: Vector): void;
  /** ∂loss/∂w, [N, 4 N], summed over the episodes that went back since `setWeights`. */
  gradients(): Vector;
}
