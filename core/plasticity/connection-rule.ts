/** A rule of plasticity as what it does to the trace of one connection, with its derivatives: all that the dense form needs. */
import type { Rule } from './protocol.ts';

/** ∂hebb(t+1) by what it was made from. */
export interface RuleDerivatives {
  trace: number;
  before: number;
  now: number;
  eta: number;
}

export interface ConnectionRule {
  /**
   * hebb(t+1) of the connection from i to j.
   * @param trace hebb_ij(t). @param before y_i(t-1). @param now y_j(t).
   */
  next(trace: number, before: number, now: number, eta: number): number;
  /** The four derivatives of `next` at the same place, written into `into`. */
  derivatives(trace: number, before: number, now: number, eta: number, into: RuleDerivatives): void;
}

/** Those of the paper, section 3.1 (arXiv 1804.02464). */
export const connectionRules: Readonly<Record<Rule, ConnectionRule>> = {
  hebb: {
    next: (trace, before, now, eta) => (1 - eta) * trace + eta * before * now,
    derivatives: (trace, before, now, eta, into) => {
      into.trace = 1 - eta;
      into.before = eta * now;
      into.now = eta * before;
      into.eta = before * now - trace;
    },
  },
  oja: {
    next: (trace, before, now, eta) => trace + eta * now * (before - now * trace),
    derivatives: (trace, before, now, eta, into) => {
      into.trace = 1 - eta * now * now;
      into.before = eta * now;
      into.now = eta * (before - 2 * now * trace);
      into.eta = now * (before - now * trace);
    },
  },
};
