/** What a variant means for an agent's recurrent part. */
import type { VariantName } from '../contract/run-spec.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import type { AgentCoreOptions, PlasticCoreOptions } from '../networks/agent-core.ts';
import type { Rule } from '../plasticity/protocol.ts';

/** @param settings the experiment's: `rule` is that of the variants that name none. */
export function agentCoreOf(
  variant: VariantName,
  settings: Omit<PlasticCoreOptions, 'kind' | 'alphaKind' | 'rule'> & { readonly rule: Rule },
): AgentCoreOptions {
  const { neurons, initialW, initialAlpha, initialEta } = settings;
  if (variant === 'lstm') return { kind: 'lstm', neurons };
  const rule = variant === 'modulated' || variant === 'retroactive' ? variant : settings.rule;
  return { kind: 'plastic', neurons, initialW, initialAlpha, initialEta, alphaKind: alphaKindOf(variant), rule };
}
