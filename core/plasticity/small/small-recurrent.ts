/**
 * A small plastic recurrent network, step by step: for tasks whose next input depends on the answer (the maze), where no protocol is known
 * before the episode runs. One episode at a time, so that its trace stays in the processor's cache; gradients are summed over episodes.
 *
 * a(t)      = drive(t) + y(t-1) · (w + alpha ∘ hebb(t)),   y(t) = tanh(a(t)),   y(0) = 0, hebb(1) = 0   (arXiv 1804.02464, eqs. 1, 2)
 * hebb:      hebb(t+1) = (1 - eta) hebb(t) + eta · y(t-1)ᵀ y(t)
 * oja:       hebb(t+1) = hebb(t) + eta · y(t) ∘ (y(t-1)ᵀ - y(t) ∘ hebb(t))
 * modulated: hebb(t+1) = hebb(t) + m(t) · y(t-1)ᵀ y(t), m(t) one number                           (arXiv 2002.10585, eq. 3, without its clip)
 * retroactive: hebb(t+1) = hebb(t) + m(t) · E(t),  E(t+1) = (1 - eta) E(t) + eta · y(t-1)ᵀ y(t), E(1) = 0   (eqs. 4, 5, without the clip)
 */
import type { AlphaKind, Rule } from '../protocol.ts';

export type SmallRule = Rule | 'modulated' | 'retroactive';

/** Whether a number from outside, m(t), says how much the trace changes. */
export const isModulatedRule = (rule: SmallRule) => rule === 'modulated' || rule === 'retroactive';

export interface SmallRecurrentOptions {
  readonly neurons: number;
  /** The longest episode: room for it is taken once. */
  readonly steps: number;
  readonly alphaKind: AlphaKind;
  readonly rule: SmallRule;
}

/** Single precision in the kernel, double in the reference. */
export type Vector = Float32Array | Float64Array;

/** Row-major, [pre, post]. */
export interface SmallWeights {
  /** [N, N]. */
  readonly w: Vector;
  /** [N, N] when free, [1] when yoked, [0] for a non-plastic network. */
  readonly alpha: Vector;
  /** Without meaning under `modulated`. */
  readonly eta: number;
}

/** Like `SmallWeights`. */
export interface SmallGradients {
  readonly w: Vector;
  readonly alpha: Vector;
  readonly eta: number;
}

/** A small network as its episodes see it, whatever is in it: plastic, plain, or an LSTM. */
export interface SteppedNetwork {
  /** Begins an episode. */
  begin(): void;
  /**
   * Step t = 1, 2, ….
   * @param drive [N], of an LSTM [4 N]; copied.
   * @param modulator m(t-1), of the change of the trace that step t-1 left behind; only under `modulated` and `retroactive`, and not at the first step.
   * @returns y(t), [N]; valid until the next call.
   * @throws RangeError beyond the longest episode, or for a drive of another length.
   */
  step(drive: Vector, modulator?: number): Vector;
  /**
   * The steps again, backwards; after the first of them no other `step` may come before the next `begin`.
   * @param dy ∂loss/∂y(t), [N], of what reads y(t) outside of this network.
   * @returns ∂loss/∂drive(t), like the drive, valid until the next call; under these also ∂loss/∂m(t-1).
   * @throws RangeError where no step is left, or for a `dy` of another length.
   */
  stepBack(dy: Vector): { readonly drive: Vector; readonly modulator: number };
  /** The Frobenius norm of hebb(t), which the latest step met. */
  traceNorm(): number;
  /** hebb = 0 when the next step begins, and nothing is eligible. An episode in which that was done cannot go back. Absent where there is no trace. */
  clearTrace?(): void;
}

export interface SmallRecurrent extends SteppedNetwork {
  /** Copies the weights, which episodes use from now on; the gradients' sums begin anew. @throws RangeError for arrays of another size. */
  setWeights(weights: SmallWeights): void;
  /** Sums over the episodes that went back since `setWeights`. */
  gradients(): SmallGradients;
}

/** @throws RangeError that names what has another length. */
export function requireLength(what: string, values: Vector, length: number): void {
  if (values.length !== length) throw new RangeError(`${what} has ${length} numbers, not ${values.length}`);
}
