/** What a run was asked to do, in words. */
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { formatCount } from './format.ts';

/** What of the user's a run works with, and which code that is; null for Engram's own. */
export function describeOwnCode({ extensions }: RunSpec): string | null {
  return extensions?.map(({ kind, name, sha256 }) => `${kind} ${name} (SHA-256 ${sha256.slice(0, 12)}…)`).join(', ') ?? null;
}

/** What in `spec` differs from the experiment's preset. */
export function describeChanges(spec: RunSpec): string {
  const preset = experimentOf(spec);
  const parameters = Object.entries(spec.parameters).filter(([name, value]) => preset.parameters[name]?.default !== value);
  const changed = [
    ...(spec.variant === preset.variants[0].name ? [] : [`variant ${spec.variant}`]),
    ...(spec.episodes === preset.episodes ? [] : [`${formatCount(spec.episodes)} episodes (preset: ${formatCount(preset.episodes)})`]),
    ...(spec.batch === preset.batch ? [] : [`batch ${spec.batch} (preset: ${preset.batch})`]),
    ...(spec.precision === 'float32' ? [] : [`precision ${spec.precision}`]),
    ...parameters.map(([name, value]) => `${name} ${value} (preset: ${preset.parameters[name]?.default})`),
  ];
  return changed.length === 0 ? 'unchanged' : changed.join(', ');
}
