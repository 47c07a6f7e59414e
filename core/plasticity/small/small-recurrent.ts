/**
 * A small plastic recurrent network, step by step: for tasks whose next input depends on the answer (the maze), where no protocol is known
 * before the episode runs. B episodes at once, N neurons, y(0) = 0 and hebb = 0 at the beginning.
 *
 * a(t)      = drive(t) + y(t-1) · (w + alpha ∘ hebb(t)),   y(t) = tanh(a(t))                       (arXiv 1804.02464, eqs. 1, 2)
 * hebb:     hebb(t+1) = (1 - eta) hebb(t) + eta · y(t-1)ᵀ y(t)
 * oja:      hebb(t+1) = hebb(t) + eta · y(t) ∘ (y(t-1)ᵀ - y(t) ∘ hebb(t))
 * modulated: hebb(t+1) = hebb(t) + m(t) · y(t-1)ᵀ y(t), m(t) one number an episode                (arXiv 2002.10585, eq. 3, without its clip)
 */
import type { AlphaKind } from '../protocol.ts';

export type SmallRule = 'hebb' | 'oja' | 'modulated';

export interface SmallRecurrentOptions {
  readonly neurons: number;
  readonly batch: number;
  /** The longest episode: room for its activations is taken once. */
  readonly steps: number;
  readonly alphaKind: AlphaKind;
  readonly rule: SmallRule;
}

/** Row-major, [pre, post]. */
export interface SmallWeights {
  /** [N, N]. */
  readonly w: Float32Array;
  /** [N, N] when free, [1] when yoked, [0] for a non-plastic network. */
  readonly alpha: Float32Array;
  /** Without meaning under `modulated`. */
  readonly eta: number;
}

export interface SmallGradients {
  readonly w: Float32Array;
  /** Of the length of `SmallWeights.alpha`. */
  readonly alpha: Float32Array;
  readonly eta: number;
}

export interface SmallRecurrent {
  /** Takes these weights and begins a batch of episodes. */
  begin(weights: SmallWeights): void;
  /**
   * Step t = 1, 2, ….
   * @param drive [B, N], copied.
   * @param modulator [B], m(t-1) of the trace's change that step t-1 left behind; only under `modulated`, and not at the first step.
   * @returns y(t), [B, N]; valid until the next call.
   */
  step(drive: Float32Array, modulator?: Float32Array): Float32Array;
  /**
   * The steps again, backwards.
   * @param dy ∂loss/∂y(t), [B, N], of what reads y(t) outside of this network.
   * @returns views that are valid until the next call: ∂loss/∂drive(t) [B, N], and under `modulated` ∂loss/∂m(t-1) [B].
   */
  stepBack(dy: Float32Array): { readonly drive: Float32Array; readonly modulator: Float32Array };
  /** Sums over batch and steps, after the last `stepBack`. */
  gradients(): SmallGradients;
  /** Mean over the batch of the Frobenius norm of hebb(t+1) after the latest step: for curves and replays. */
  traceNorm(): number;
}
