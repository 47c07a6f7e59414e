/** A run's specification as lines that people read. */
import type { ExperimentDescription, NamedPreset, ParameterDescription } from '../../core/contract/api/experiments.ts';
import { defaultDatasets } from '../../core/contract/dataset-description.ts';
import { sayOrigin, type Origin } from '../../core/contract/origin.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { nearestPreset } from '../parameters-of.ts';
import { datasetMeanings } from '../words.ts';

export interface ConfigurationLine {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly meaning: string;
  /** Where the value comes from, or else the default; empty where nobody claims anything. */
  readonly source: string;
  readonly usual: string;
  readonly isChanged: boolean;
}

export interface ConfigurationGroup {
  readonly title: string;
  readonly lines: readonly ConfigurationLine[];
}

const titles = { task: 'Task', network: 'Network', plasticity: 'Plasticity', training: 'Training', run: 'Run' } as const;

/** `learningRateDecay` → `Learning rate decay`. */
export function sayName(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0]!.toUpperCase() + words.slice(1);
}

export function sayValue(value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? '–';
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential().replace('e-', 'e−');
  return Number.isInteger(value) && value >= 10_000 ? value.toLocaleString('en') : String(value).replace('-', '−');
}

function saySource(
  parameter: Origin & Pick<ParameterDescription, 'name' | 'default'>,
  value: string | number,
  preset: NamedPreset | undefined,
): string {
  const own = preset?.spec.parameters[parameter.name] === value ? preset.origins[parameter.name] : undefined;
  if (preset !== undefined && own !== undefined) return `As in the preset ${preset.name}: ${sayOrigin(own)}`;
  return `Default${value === parameter.default ? '' : ` ${sayValue(parameter.default)}`}: ${sayOrigin(parameter)}`;
}

export function configurationOf(spec: RunSpec, experiment: ExperimentDescription): ConfigurationGroup[] {
  const { preset, variants, data } = experiment;
  // Networks and rules of the user's as they were when the run was made.
  const extensions = spec.extensions?.filter(({ kind }) => kind !== 'task') ?? [];
  const own = extensions.flatMap((extension) =>
    Object.entries(extension.parameters ?? {}).map(([name, parameter]) => ({ name, ...parameter })),
  );
  const parameters = [...experiment.parameters, ...own];
  const like = nearestPreset(experiment, spec);
  const usualDataset = defaultDatasets[data];
  const line = (
    name: string,
    value: string | number | undefined,
    usual: string | number | undefined,
    meaning: string,
    unit = '',
    source = '',
  ): ConfigurationLine => ({
    ...{ name, label: sayName(name), meaning, unit, source },
    value: sayValue(value),
    usual: sayValue(usual),
    isChanged: value !== usual,
  });
  const of = (name: Exclude<keyof RunSpec, 'parameters' | 'extensions'>, meaning: string, unit = '') =>
    line(name, spec[name], preset[name], meaning, unit);
  const general = [
    line('variant', spec.variant, spec.variant, variants.find(({ name }) => name === spec.variant)?.meaning ?? ''),
    // Seeds are no deviation.
    line('seed', spec.seed, spec.seed, 'Everything random comes from it.'),
    of('episodes', 'Training episodes.', 'episodes'),
    of('batch', 'Episodes an iteration.', 'episodes'),
    of('backend', 'What computes; auto takes the fastest that works.'),
    ...(spec.device === undefined ? [] : [of('device', 'Where the backend has several.')]),
    of('precision', 'Of matrix products.'),
    ...(usualDataset === null ? [] : [line('dataset', spec.dataset ?? usualDataset, usualDataset, datasetMeanings[data])]),
  ];
  const groups = Object.entries(titles).map(([key, title]) => {
    const own = parameters
      .filter(({ group }) => group === key)
      .map((parameter) => {
        const { name, meaning } = parameter;
        const unit = parameter.kind === 'number' ? parameter.unit : '';
        const value = spec.parameters[name] ?? parameter.default;
        return line(name, value, parameter.default, meaning, unit, saySource(parameter, value, like));
      });
    return { title, lines: key === 'run' ? [...general, ...own] : own };
  });
  return groups.filter(({ lines }) => lines.length > 0);
}
