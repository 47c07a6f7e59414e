/**
 * What tells the rules of plasticity apart (but for `retroactive`, where all this is said of the eligibility trace). The change that a step leaves behind is always hebb ← hebb ∘ decay + y(t-1) ⊗ gain, with a gain and a decay
 * a column, which depend on y = y(t) and on a rate, eta, or m(t) where the trace is modulated: gain = rate · y, decay = keep - bend · y².
 */
import type { SmallRule } from './small-recurrent.ts';

export interface TraceRule {
  /** Whether all columns have the same decay; only the sum of ∂loss/∂decay over columns is then asked for. */
  readonly isUniform: boolean;
  keep(rate: number): number;
  bend(rate: number): number;
  /** ∂loss/∂rate, from Σ y ∂loss/∂gain, Σ y² ∂loss/∂decay and Σ ∂loss/∂decay over columns. */
  slope(ofGain: number, ofSquares: number, ofDecay: number): number;
}

const hebb: TraceRule = {
  isUniform: true,
  keep: (eta) => 1 - eta,
  bend: () => 0,
  slope: (ofGain, _ofSquares, ofDecay) => ofGain - ofDecay,
};

export const traceRules: Readonly<Record<SmallRule, TraceRule>> = {
  hebb,
  retroactive: hebb,
  oja: { isUniform: false, keep: () => 1, bend: (eta) => eta, slope: (ofGain, ofSquares) => ofGain - ofSquares },
  modulated: { isUniform: true, keep: () => 1, bend: () => 0, slope: (ofGain) => ofGain },
};
