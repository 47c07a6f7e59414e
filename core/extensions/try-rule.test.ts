import { describe, expect, it } from 'vitest';
import { connectionRules, type ConnectionRule } from '../plasticity/connection-rule.ts';
import { tryRule } from './try-rule.ts';

const asExtension = (rule: ConnectionRule) => ({ kind: 'rule', title: 'a rule', meaning: 'how it goes', ...rule }) as const;

describe('tryRule', () => {
  it.each(Object.entries(connectionRules))('finds nothing wrong with the derivatives of %s', (_, rule) => {
    expect(() => tryRule(asExtension(rule), {})).not.toThrow();
  });

  it('passes over the corner of a limit, and checks both sides of it', () => {
    const clipped = (slope: number): ConnectionRule => ({
      next: (trace, before, now, eta) => Math.max(-0.2, Math.min(0.2, trace + eta * before * now)),
      derivatives: (trace, before, now, eta, into) => {
        const inside = Math.abs(trace + eta * before * now) < 0.2;
        into.trace = inside ? slope : 0;
        into.before = inside ? eta * now : 0;
        into.now = inside ? eta * before : 0;
        into.eta = inside ? before * now : 0;
      },
    });
    expect(() => tryRule(asExtension(clipped(1)), {})).not.toThrow();
    expect(() => tryRule(asExtension(clipped(0.9)), {})).toThrow(/the derivative by trace is 0\.9/);
  });

  it('refuses what is no number', () => {
    expect(() => tryRule(asExtension({ ...connectionRules.hebb, next: () => NaN }), {})).toThrow(/next must return a number, not NaN/);
  });
});
