/** The columns of a table of runs, by the names that `--columns` takes. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { InputError } from '../../core/contract/errors.ts';
import { suggestName } from '../../core/contract/nearest-name.ts';
import { formatScore } from './describe-score.ts';
import { formatAgo, formatBytes, formatCount, formatDuration, formatNumber, formatSpark, formatTime } from './format.ts';
import { builtInExperiments, type KnownExperiment } from './known-experiments.ts';
import type { Column } from './table.ts';

type RunColumn = Column<RunSummary>;

const none = '–';
const sparkColumns = 12;

const orNone = <Value>(value: Value | null, format: (value: Value) => string) => (value === null ? none : format(value));
const number = (heading: string, cell: (run: RunSummary) => string, dispensable?: number): RunColumn => ({
  heading,
  cell,
  align: 'right',
  ...(dispensable === undefined ? {} : { dispensable }),
});
const text = (heading: string, cell: (run: RunSummary) => string, dispensable?: number, minimum?: number): RunColumn => ({
  heading,
  cell,
  ...(dispensable === undefined ? {} : { dispensable }),
  ...(minimum === undefined ? {} : { minimum }),
});

const columns = {
  status: text('status', describeStatus),
  experiment: text('experiment', ({ spec }) => `${spec.experiment} · ${spec.variant}`, 8),
  variant: text('variant', ({ spec }) => spec.variant),
  seed: number('seed', ({ spec }) => String(spec.seed), 6),
  batch: number('batch', ({ spec }) => String(spec.batch)),
  episodes: number('episodes', ({ episodes, spec }) => `${formatCount(episodes)}/${formatCount(spec.episodes)}`, 9),
  score: number('score', ({ score, spec }) => orNone(score, (value) => formatScore(spec, value))),
  loss: number('loss', ({ loss }) => orNone(loss, formatNumber), 10),
  trend: text('trend', ({ spark }) => formatSpark(spark, sparkColumns), 16),
  speed: number('episodes/s', ({ episodesPerSecond }) => orNone(episodesPerSecond, formatNumber), 11),
  created: text('created', ({ createdAtMs }) => formatAgo(createdAtMs), 10),
  started: text('started', ({ startedAtMs }) => orNone(startedAtMs, formatAgo), 7),
  ended: text('ended', ({ endedAtMs }) => orNone(endedAtMs, formatTime)),
  took: number('took', ({ seconds }) => (seconds === 0 ? none : formatDuration(seconds)), 12),
  size: number('size', ({ sizeBytes }) => formatBytes(sizeBytes), 13),
  tags: text('tags', ({ tags }) => tags.join(' '), 14, 8),
  name: text('name', ({ name }) => name, 15, 8),
  group: text('group', ({ group }) => group, 15, 8),
  note: text('note', ({ note }) => note.split('\n')[0]!, 17, 10),
  reason: text('reason', ({ reason }) => reason ?? '', 18, 16),
  backend: text('backend', ({ backend, spec }) => backend ?? spec.backend),
  device: text('device', ({ device }) => device ?? none, undefined, 10),
  dataset: text('dataset', ({ dataset }) => dataset?.name ?? none, undefined, 10),
} satisfies Record<string, RunColumn>;

/** Names of before. */
const secondNames: Readonly<Record<string, string>> = { error: 'score' };

/** Columns that only some labs use are shown when there is something in them. */
const usual = [
  'status',
  'experiment',
  'seed',
  'episodes',
  'score',
  'loss',
  'speed',
  'started',
  'took',
  'size',
  'name',
  'group',
  'tags',
  'reason',
] as const;

const usualInQueue = ['status', 'experiment', 'seed', 'episodes', 'created', 'name', 'group'] as const;

/** The columns of a table of runs that wait or train. */
export function queueColumns(runs: readonly RunSummary[]): RunColumn[] {
  return withIds(usualInQueue, runs);
}

/**
 * The columns to show, in this order; the usual ones without a choice.
 * @throws InputError `unknown-column` with the nearest name.
 */
export function chooseColumns(names: readonly string[], runs: readonly RunSummary[], experiments = builtInExperiments): RunColumn[] {
  if (names.length === 0) return withIds(usual, runs);
  return names.map((name) => {
    if (name === 'id') return idColumn(runs);
    // What somebody asks for is cut rather than left out.
    const { dispensable: _, ...column } = findColumn(name, experiments);
    return column;
  });
}

/** Without those that are empty, and with the id as the last one. */
function withIds(names: readonly (keyof typeof columns)[], runs: readonly RunSummary[]): RunColumn[] {
  const filled = names
    .map((name): RunColumn => columns[name])
    .filter(({ cell, minimum }) => minimum === undefined || runs.some((run) => cell(run) !== ''));
  return [...filled, idColumn(runs)];
}

function idColumn(runs: readonly RunSummary[]): RunColumn {
  return { heading: 'id', cell: shortenIds(runs) };
}

function findColumn(name: string, experiments: readonly KnownExperiment[]): RunColumn {
  const wanted = secondNames[name] ?? name;
  const found = Object.entries(columns).find(([known]) => known === wanted)?.[1];
  if (found !== undefined) return found;
  const parameters = experiments.flatMap((experiment) => experiment.parameters);
  const parameter = name.replace(/^parameter:/, '');
  if (parameters.includes(parameter)) return number(parameter, ({ spec }) => String(spec.parameters[parameter] ?? none));
  const names = [...Object.keys(columns), 'id', ...parameters];
  throw new InputError('unknown-column', `runs have no column "${name}": ${suggestName(name, names)}`);
}

export function describeStatus({ status, intent, queuePlace }: RunSummary): string {
  if (intent !== null && status === 'running') return intent === 'pause' ? 'pausing' : 'stopping';
  return status === 'queued' && queuePlace !== null ? `queued ${queuePlace}` : status;
}

const timeLength = 'yyyymmdd-hhmmss'.length;

/** The beginning of each id that tells it from the others. */
function shortenIds(runs: readonly RunSummary[]): (run: RunSummary) => string {
  const sorted = runs.map(({ id }) => id).sort();
  const common = (a: string, b = '') => Array.from(a).findIndex((letter, index) => letter !== b[index]);
  const short = sorted.map((id, index) => {
    const length = Math.max(timeLength, common(id, sorted[index - 1]) + 1, common(id, sorted[index + 1]) + 1);
    return [id, id.slice(0, length)] as const;
  });
  const byId = new Map(short);
  return ({ id }) => byId.get(id) ?? id;
}
