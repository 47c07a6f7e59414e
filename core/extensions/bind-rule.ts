/** A rule of the user's with the hyper-parameters of one run. */
import type { ConnectionRule } from '../plasticity/connection-rule.ts';
import type { RuleExtension, Settings } from './extension.ts';

export function bindRule(rule: RuleExtension, settings: Settings): ConnectionRule {
  return {
    next: (trace, before, now, eta) => rule.next(trace, before, now, eta, settings),
    derivatives: (trace, before, now, eta, into) => rule.derivatives(trace, before, now, eta, into, settings),
  };
}
