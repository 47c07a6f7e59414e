/** The presets of the experiments: what a run's specification is compared with. */
import type { RunRecipe } from '../../core/contract/api/run-table.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { host } from '../host.svelte.ts';
import { sayParameter } from './columns.ts';

export interface Difference {
  readonly name: string;
  readonly value: string;
  readonly usual: string;
}

type Value = number | string | undefined;

class Presets {
  #known = $state.raw<ReadonlyMap<string, RunSpec>>(new Map());

  /** They do not change while a host lives. */
  async load(): Promise<void> {
    if (this.#known.size > 0) return;
    const experiments = await host.call((api) => api.experiments.list());
    this.#known = new Map(experiments.map(({ name, preset }) => [name, preset]));
  }

  /** Undefined while the preset is not known. */
  differences(recipe: RunRecipe): Difference[] | undefined {
    const preset = this.#known.get(recipe.experiment);
    if (preset === undefined) return undefined;
    const pairs: (readonly [name: string, value: Value, usual: Value])[] = [
      ['episodes', recipe.episodes, preset.episodes],
      ['batch', recipe.batch, preset.batch],
      ['precision', recipe.precision, preset.precision],
      ['backend', recipe.backend, preset.backend],
      ['data set', recipe.dataset, preset.dataset],
      ...Object.entries(recipe.parameters).map(([name, value]) => [sayParameter(name), value, preset.parameters[name]] as const),
    ];
    return pairs
      .filter(([, value, usual]) => value !== usual)
      .map(([name, value, usual]) => ({ name, value: say(value), usual: say(usual) }));
  }
}

function say(value: Value): string {
  if (value === undefined) return 'photographs';
  return typeof value === 'number' ? value.toLocaleString('en', { maximumSignificantDigits: 8 }) : value;
}

export const presets = new Presets();
