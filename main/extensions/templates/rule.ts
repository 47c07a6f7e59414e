import type { RuleExtension } from 'engram';

// The mirror of Oja's rule: the trace decays where the neuron before is active, not the neuron after, so that it is bounded as well.
//
//   hebb(t+1) = hebb(t) + eta · y_i(t-1) · (y_j(t) - decay · y_i(t-1) · hebb(t))        for the connection from i to j
//
// This file is a rule that works as it is. Change it, or begin anew: docs/extending.md says what each part means.

export default {
  kind: 'rule',
  title: "Oja's rule, mirrored",
  meaning: 'the trace grows with the product of both neurons, and decays with the square of the one before',

  // Hyper-parameters of its own: set in the form, with --set decay=0.5, and compared between runs. They are not learned; eta is.
  parameters: {
    decay: {
      kind: 'number',
      default: 1,
      minimum: 0,
      maximum: 10,
      meaning: 'How fast the trace decays, as a multiple of how fast it grows.',
    },
  },

  /** hebb(t+1), from hebb(t), y_i(t-1), y_j(t) and eta. */
  next(trace, before, now, eta, settings) {
    const decay = Number(settings['decay']);
    return trace + eta * before * (now - decay * before * trace);
  },

  /** The derivatives of the same by each of the four; they are held against differences whenever the file has changed. */
  derivatives(trace, before, now, eta, into, settings) {
    const decay = Number(settings['decay']);
    into.trace = 1 - eta * decay * before * before;
    into.before = eta * (now - 2 * decay * before * trace);
    into.now = eta * before;
    into.eta = before * (now - decay * before * trace);
  },
} satisfies RuleExtension;
