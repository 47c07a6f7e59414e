/** The columns of the table: what each shows of a run, and by which names the filter knows it. */
import type { TableRow } from './row.ts';

/** `count`: whole numbers with thousands; `time`: milliseconds since 1970. */
export type ColumnKind = 'text' | 'choice' | 'number' | 'count' | 'bytes' | 'seconds' | 'time' | 'spark';

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly kind: ColumnKind;
  /** What it is called in the filter; the first is the one that is shown. Empty: the filter does not know it. */
  readonly names: readonly string[];
  readonly width: number;
  /** What is sorted, filtered and grouped by; null sorts last. */
  readonly value: (row: TableRow) => string | number | null;
  /** Where a run can have several. */
  readonly values?: (row: TableRow) => readonly string[];
  /** Said on hover, where the title is short. */
  readonly meaning?: string;
}

/** Where a live run stands against what it was asked for. */
const statusOrder = ['running', 'queued', 'paused', 'interrupted', 'failed', 'stopped', 'finished'];

const fixed: readonly Column[] = [
  {
    id: 'status',
    title: 'Status',
    kind: 'choice',
    names: ['status'],
    width: 116,
    value: ({ status }) => status,
  },
  {
    id: 'run',
    title: 'Run',
    kind: 'text',
    names: ['name'],
    width: 190,
    value: ({ name, recipe }) => (name === '' ? `${recipe.experiment} · ${recipe.variant}` : name),
    meaning: 'Its name, or experiment and variant',
  },
  { id: 'experiment', title: 'Experiment', kind: 'choice', names: ['experiment'], width: 100, value: ({ recipe }) => recipe.experiment },
  { id: 'variant', title: 'Variant', kind: 'choice', names: ['variant'], width: 96, value: ({ recipe }) => recipe.variant },
  { id: 'seed', title: 'Seed', kind: 'count', names: ['seed'], width: 54, value: ({ seed }) => seed },
  { id: 'episodes', title: 'Episodes', kind: 'count', names: ['episodes'], width: 96, value: ({ episodes }) => episodes },
  {
    id: 'score',
    title: 'Score',
    kind: 'number',
    names: ['score', 'error'],
    width: 84,
    value: ({ score }) => score,
    meaning: 'What runs of its experiment are judged by, mean of the latest 300 episodes',
  },
  {
    id: 'loss',
    title: 'Loss',
    kind: 'number',
    names: ['loss'],
    width: 76,
    value: ({ loss }) => loss,
    meaning: 'Mean of the latest 300 episodes',
  },
  { id: 'spark', title: 'Loss curve', kind: 'spark', names: [], width: 104, value: ({ loss }) => loss },
  {
    id: 'speed',
    title: 'Speed',
    kind: 'number',
    names: ['speed'],
    width: 88,
    value: ({ episodesPerSecond }) => (episodesPerSecond === 0 ? null : episodesPerSecond),
    meaning: 'Episodes a second',
  },
  { id: 'started', title: 'Started', kind: 'time', names: ['started'], width: 104, value: ({ startedAtMs }) => startedAtMs },
  {
    id: 'took',
    title: 'Took',
    kind: 'seconds',
    names: ['took', 'duration'],
    width: 100,
    value: ({ seconds }) => (seconds === 0 ? null : seconds),
    meaning: 'Time of training, without pauses',
  },
  { id: 'size', title: 'Size', kind: 'bytes', names: ['size'], width: 76, value: ({ sizeBytes }) => (sizeBytes === 0 ? null : sizeBytes) },
  {
    id: 'tags',
    title: 'Tags',
    kind: 'choice',
    names: ['tag', 'tags'],
    width: 150,
    value: ({ tags }) => (tags.length === 0 ? null : tags.join(' ')),
    values: ({ tags }) => tags,
  },
  { id: 'device', title: 'Device', kind: 'choice', names: ['device'], width: 150, value: ({ device }) => device },
  { id: 'backend', title: 'Backend', kind: 'choice', names: ['backend'], width: 92, value: ({ backend }) => backend },
  { id: 'dataset', title: 'Data set', kind: 'choice', names: ['dataset', 'data'], width: 120, value: ({ dataset }) => dataset },
  { id: 'group', title: 'Group', kind: 'choice', names: ['group'], width: 110, value: ({ group }) => (group === '' ? null : group) },
  { id: 'note', title: 'Note', kind: 'text', names: ['note'], width: 200, value: ({ note }) => (note === '' ? null : note) },
  { id: 'created', title: 'Created', kind: 'time', names: ['created'], width: 104, value: ({ createdAtMs }) => createdAtMs },
  { id: 'ended', title: 'Ended', kind: 'time', names: ['ended'], width: 104, value: ({ endedAtMs }) => endedAtMs },
  {
    id: 'target',
    title: 'Target',
    kind: 'count',
    names: ['target'],
    width: 84,
    value: ({ recipe }) => recipe.episodes,
    meaning: 'Episodes asked for',
  },
  { id: 'iteration', title: 'Iteration', kind: 'count', names: ['iteration'], width: 84, value: ({ iteration }) => iteration },
  { id: 'batch', title: 'Batch', kind: 'count', names: ['batch'], width: 64, value: ({ recipe }) => recipe.batch },
  { id: 'precision', title: 'Precision', kind: 'choice', names: ['precision'], width: 84, value: ({ recipe }) => recipe.precision },
  { id: 'id', title: 'Id', kind: 'text', names: ['id'], width: 220, value: ({ id }) => id },
];

/** What the table shows at first. */
export const usualColumns = ['status', 'run', 'seed', 'episodes', 'score', 'loss', 'spark', 'speed', 'started', 'took', 'size', 'tags'];

const parameterPrefix = 'parameter:';

const fixedNames: ReadonlySet<string> = new Set(fixed.flatMap(({ names }) => names));

/** Names that people type for a hyper-parameter instead of its own. */
const shortNames: Readonly<Record<string, string>> = { learningRate: 'lr' };

/** A hyper-parameter's own name, or `parameterSize` where `size` is something else of a run. */
function nameInFilter(name: string): string {
  return fixedNames.has(name.toLowerCase()) ? `parameter${name[0]!.toUpperCase()}${name.slice(1)}` : name;
}

/** `learningRate` → `learning rate`. */
export function sayParameter(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Those of every run, and one a hyper-parameter. */
export function createColumns(parameters: ReadonlyMap<string, 'number' | 'string'>): Column[] {
  const own = [...parameters].map(([name, type]): Column => {
    const short = shortNames[name];
    const words = sayParameter(name);
    return {
      id: `${parameterPrefix}${name}`,
      title: words[0]!.toUpperCase() + words.slice(1),
      kind: type === 'number' ? 'number' : 'choice',
      names: short === undefined ? [nameInFilter(name)] : [name, short],
      width: 120,
      value: ({ recipe }) => recipe.parameters[name] ?? null,
    };
  });
  return [...fixed, ...own];
}

/** What a column is sorted by: states in the order in which they ask for attention. */
export function sortValue(column: Column, row: TableRow): string | number | null {
  if (column.id === 'status') return statusOrder.indexOf(row.status);
  const value = column.value(row);
  return typeof value === 'string' ? value.toLowerCase() : value;
}

export function isNumeric({ kind }: Column): boolean {
  return kind === 'number' || kind === 'count' || kind === 'bytes' || kind === 'seconds';
}
