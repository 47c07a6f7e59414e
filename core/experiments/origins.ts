/** Where the values of presets come from. */
import type { Origin } from '../contract/origin.ts';
import type { Experiment, Preset } from './experiment.ts';

/** Of each value that the preset names. How often a run is looked at is nobody's but ours. */
export function originsOf({ parameters }: Experiment, { source, origins, parameters: values }: Preset): Record<string, Origin> {
  return Object.fromEntries(
    Object.keys(values).map((name) => [name, parameters[name]?.group === 'run' ? { source: 'ours' } : (origins?.[name] ?? { source })]),
  );
}
