/**
 * What tells the rules of plasticity apart (but for `retroactive`, where all this is said of the eligibility trace). The change that a step leaves behind is always hebb ← hebb ∘ decay + y(t-1) ⊗ gain, with a gain and a decay
 * a column, which depend on y = y(t) and on a rate: eta, or m(t) where the trace is modulated.
 */
import type { SmallRule } from './small-recurrent.ts';

export interface TraceRule {
  /** Whether all columns have the same decay; only the sum of ∂loss/∂decay over columns is then asked for. */
  readonly isUniform: boolean;
  /** Writes gain and decay of the change after y. All have the same length. */
  write(y: Float32Array, rate: number, gain: Float32Array, decay: Float32Array): void;
  /** From ∂loss/∂gain and ∂loss/∂decay: adds to ∂loss/∂y and gives ∂loss/∂rate. */
  differentiate(y: Float32Array, rate: number, dGain: Float32Array, dDecay: Float32Array, dy: Float32Array): number;
}

const hebb: TraceRule = {
  isUniform: true,
  write: (y, eta, gain, decay) => {
    for (let j = 0; j < y.length; j++) gain[j] = eta * y[j]!;
    decay.fill(1 - eta);
  },
  differentiate: (y, eta, dGain, dDecay, dy) => {
    let dEta = 0;
    for (let j = 0; j < y.length; j++) {
      dEta += dGain[j]! * y[j]! - dDecay[j]!;
      dy[j]! += eta * dGain[j]!;
    }
    return dEta;
  },
};

export const traceRules: Readonly<Record<SmallRule, TraceRule>> = {
  hebb,
  retroactive: hebb,

  oja: {
    isUniform: false,
    write: (y, eta, gain, decay) => {
      for (let j = 0; j < y.length; j++) {
        gain[j] = eta * y[j]!;
        decay[j] = 1 - eta * y[j]! * y[j]!;
      }
    },
    differentiate: (y, eta, dGain, dDecay, dy) => {
      let dEta = 0;
      for (let j = 0; j < y.length; j++) {
        const unit = y[j]!;
        dEta += dGain[j]! * unit - dDecay[j]! * unit * unit;
        dy[j]! += eta * (dGain[j]! - 2 * unit * dDecay[j]!);
      }
      return dEta;
    },
  },

  modulated: {
    isUniform: true,
    write: (y, m, gain, decay) => {
      for (let j = 0; j < y.length; j++) gain[j] = m * y[j]!;
      decay.fill(1);
    },
    differentiate: (y, m, dGain, _dDecay, dy) => {
      let dModulator = 0;
      for (let j = 0; j < y.length; j++) {
        dModulator += dGain[j]! * y[j]!;
        dy[j]! += m * dGain[j]!;
      }
      return dModulator;
    },
  },
};
