/** Options as a query for runs. */
import type { Command } from 'commander';
import { sortColumns, type RunQuery } from '../../core/contract/api/runs.ts';
import { InputError } from '../../core/contract/errors.ts';
import { suggestName } from '../../core/contract/nearest-name.ts';
import { runLimits } from '../../core/contract/run-spec.ts';
import { runStatuses } from '../../core/contract/run-status.ts';
import { parseNumber } from '../../core/contract/numbers.ts';
import { builtInExperiments, type KnownExperiment } from './known-experiments.ts';
import { collect, collectList, readRange } from './options.ts';

export interface QueryOptions {
  readonly status: readonly string[];
  readonly experiment: readonly string[];
  readonly variant: readonly string[];
  readonly tag: readonly string[];
  readonly where: readonly string[];
  readonly group?: string;
  readonly seed?: string;
  readonly sort?: string;
  readonly trash?: boolean;
}

export function addQueryOptions(command: Command): Command {
  return command
    .argument('[words...]', 'only runs in whose id, name, note, tags, group, experiment, backend or device they all occur')
    .option('--status <LIST>', `only those: ${runStatuses.join(', ')}`, collectList, [])
    .option('--experiment <LIST>', 'only those', collectList, [])
    .option('--variant <LIST>', 'only those', collectList, [])
    .option('--tag <LIST>', 'only runs with one of these tags', collectList, [])
    .option('--group <NAME>', 'only runs of that group')
    .option('--seed <N|N..M>', 'only runs with these seeds')
    .option('--where <CONDITION>', "for example 'loss<20', 'score<1%' or 'learningRate>=1e-4'; may be repeated", collect, [])
    .option('--sort <LIST>', 'columns; with a minus, the largest first: loss,-started')
    .option('--trash', 'what is in the trash instead');
}

/** @throws InputError with the nearest name. */
export function readQuery(words: readonly string[], options: QueryOptions, experiments = builtInExperiments): RunQuery {
  const { group, seed, sort, trash = false } = options;
  const [status, experiment, variant] = [
    readNames('status', options.status, runStatuses),
    readNames(
      'experiment',
      options.experiment,
      experiments.map(({ name }) => name),
    ),
    readNames('variant', options.variant, unique(experiments.flatMap(({ variants }) => variants))),
  ];
  return {
    ...(status.length === 0 ? {} : { status }),
    ...(experiment.length === 0 ? {} : { experiment }),
    ...(variant.length === 0 ? {} : { variant }),
    ...(options.tag.length === 0 ? {} : { tags: [...options.tag] }),
    ...(group === undefined ? {} : { group }),
    ...(seed === undefined ? {} : { seeds: readRange('--seed', seed, runLimits.seed) }),
    ...(options.where.length === 0 ? {} : { numbers: options.where.map((text) => readCondition(text, experiments)) }),
    ...(words.length === 0 ? {} : { text: words.join(' ') }),
    ...(sort === undefined ? {} : { sort: sort.split(',').map((text) => readSort(text, experiments)) }),
    ...(trash ? { trashed: true } : {}),
  };
}

function unique<Name>(names: readonly Name[]): Name[] {
  return [...new Set(names)];
}

function readNames<Name extends string>(kind: string, given: readonly string[], names: readonly Name[]): Name[] {
  return given.map((word) => {
    const found = names.find((name) => name === word);
    if (found !== undefined) return found;
    throw new InputError(`unknown-${kind}`, `there is no ${kind} "${word}": ${suggestName(word, names)}`);
  });
}

function readSort(text: string, experiments: readonly KnownExperiment[]): { by: string; descending: boolean } {
  const descending = text.startsWith('-');
  return { by: toHostColumn(descending ? text.slice(1) : text, experiments), descending };
}

function readCondition(text: string, experiments: readonly KnownExperiment[]): NonNullable<RunQuery['numbers']>[number] {
  const [, column = '', is = '', number = ''] = /^\s*([\w:]+)\s*(<=|>=|<|>|=)\s*(\S+)\s*$/.exec(text) ?? [];
  const value = number.endsWith('%') ? parseShare(number) : parseNumber(number);
  if (value === undefined)
    throw new InputError('condition-invalid', `--where takes COLUMN, one of < <= = >= >, and a number, as in 'loss<20', not "${text}"`);
  return { column: toHostColumn(column, experiments), is: is as '<' | '<=' | '=' | '>=' | '>', value };
}

/** `0.6%` */
function parseShare(text: string): number | undefined {
  const value = parseNumber(text.slice(0, -1));
  return value === undefined ? undefined : value / 100;
}

/** Names of the table's columns, where the host calls them otherwise. */
const hostNames: Readonly<Record<string, string>> = {
  created: 'createdAt',
  started: 'startedAt',
  ended: 'endedAt',
  error: 'score',
  speed: 'episodesPerSecond',
  took: 'seconds',
  size: 'sizeBytes',
  target: 'targetEpisodes',
};

/**
 * A column of the table, or a parameter of an experiment, as the host calls it.
 * @throws InputError `unknown-column` with the nearest name.
 */
export function toHostColumn(name: string, experiments = builtInExperiments): string {
  const known = hostNames[name] ?? sortColumns.find((column) => column === name);
  if (known !== undefined) return known;
  const parameters = experiments.flatMap((experiment) => experiment.parameters);
  const parameter = name.replace(/^parameter:/, '');
  if (parameters.includes(parameter)) return `parameter:${parameter}`;
  throw new InputError(
    'unknown-column',
    `runs have no column "${name}": ${suggestName(name, [...Object.keys(hostNames), ...sortColumns, ...parameters])}`,
  );
}
