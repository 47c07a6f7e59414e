/** In what a run's specification differs from the preset to which it comes nearest. */
import type { RunRecipe } from '../../core/contract/api/run-table.ts';
import { experiments } from '../experiments.svelte.ts';
import { nearestPreset, presetOf } from '../parameters-of.ts';
import { sayParameter } from './columns.ts';

export interface Difference {
  readonly name: string;
  readonly value: string;
  readonly usual: string;
}

type Value = number | string | undefined;

/** What stands above the differences. */
export function sayNearest(recipe: RunRecipe): string {
  const experiment = experiments.get(recipe.experiment);
  const nearest = experiment === undefined ? undefined : nearestPreset(experiment, recipe);
  return `Differs from ${nearest === undefined ? 'the defaults' : `the preset ${nearest.name}`} in`;
}

/** Undefined while the experiment is not known. */
export function differencesFromPreset(recipe: RunRecipe): Difference[] | undefined {
  const experiment = experiments.get(recipe.experiment);
  if (experiment === undefined) return undefined;
  const preset = presetOf(experiment, recipe, nearestPreset(experiment, recipe)?.spec);
  const usualDataset = experiments.usualDataset(recipe.experiment);
  const pairs: (readonly [name: string, value: Value, usual: Value])[] = [
    ['episodes', recipe.episodes, preset.episodes],
    ['batch', recipe.batch, preset.batch],
    ['precision', recipe.precision, preset.precision],
    ['backend', recipe.backend, preset.backend],
    ['data set', recipe.dataset ?? usualDataset, usualDataset],
    ...Object.entries(recipe.parameters).map(([name, value]) => [sayParameter(name), value, preset.parameters[name]] as const),
  ];
  return pairs
    .filter(([, value, usual]) => value !== usual)
    .map(([name, value, usual]) => ({ name, value: say(value), usual: say(usual) }));
}

function say(value: Value): string {
  return typeof value === 'number' ? value.toLocaleString('en', { maximumSignificantDigits: 8 }) : (value ?? '–');
}
