import type { RuleExtension } from 'engram';

// The mirror of Oja's rule: the trace decays where the neuron before is active, not the neuron after, so that it is bounded as well.
//
//   hebb(t+1) = hebb(t) + eta · y_i(t-1) · (y_j(t) - y_i(t-1) · hebb(t))        for the connection from i to j
//
// This file is a rule that works as it is. Change it, or begin anew: docs/extending.md says what each part means.

export default {
  kind: 'rule',
  title: "Oja's rule, mirrored",
  meaning: 'the trace grows with the product of both neurons, and decays with the square of the one before',

  /** hebb(t+1), from hebb(t), y_i(t-1), y_j(t) and eta. */
  next(trace, before, now, eta) {
    return trace + eta * before * (now - before * trace);
  },

  /** The derivatives of the same by each of the four; they are held against differences whenever the file has changed. */
  derivatives(trace, before, now, eta, into) {
    into.trace = 1 - eta * before * before;
    into.before = eta * (now - 2 * before * trace);
    into.now = eta * before;
    into.eta = before * (now - before * trace);
  },
} satisfies RuleExtension;
