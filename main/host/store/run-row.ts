/** A row of the table `runs`, and the one place where it is turned from columns into values and back. */
import { createHash } from 'node:crypto';
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import type { RunDataset } from '../../../core/contract/dataset-description.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { SqlValue } from './sql.ts';

export type RunStatus = RunSummary['status'];
export type RunSlot = RunSummary['slot'];
export type RunIntent = NonNullable<RunSummary['intent']>;

export interface RunRow {
  readonly id: string;
  readonly spec: RunSpec;
  readonly name: string;
  readonly note: string;
  readonly runGroup: string;
  readonly tags: readonly string[];
  readonly protected: boolean;
  readonly status: RunStatus;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  /** What its trainer was asked to do and has not yet done. */
  readonly intent: RunIntent | null;
  /** Orders the queued; not a position. */
  readonly queuePlace: number | null;
  readonly slot: RunSlot;
  /** Trainers started. */
  readonly attempts: number;
  readonly resumesWithoutProgress: number;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly heardAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly trashedAtMs: number | null;
  readonly backend: string | null;
  readonly device: string | null;
  readonly dataset: RunDataset | null;
  readonly datasetSha256: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly codeVersion: string | null;
  readonly pid: number | null;
  readonly iteration: number;
  readonly episodes: number;
  readonly seconds: number;
  readonly episodesPerSecond: number | null;
  /** Means over the latest 300 episodes. */
  readonly loss: number | null;
  readonly score: number | null;
  readonly rssBytes: number | null;
  readonly peakRssBytes: number | null;
  readonly picture: string | null;
  readonly spark: readonly number[];
  readonly sizeBytes: number;
  /** How far its journal has been taken over into lab.db. */
  readonly journalOffset: number;
  readonly journalSequence: number;
  readonly journalMark: number;
  readonly journalProblem: string | null;
}

/** Columns of their own name, but for tags, in the order in which they are read. */
const rowFields = [
  'id',
  'spec',
  'name',
  'note',
  'runGroup',
  'protected',
  'status',
  'reasonCode',
  'reason',
  'intent',
  'queuePlace',
  'slot',
  'attempts',
  'resumesWithoutProgress',
  'createdAtMs',
  'startedAtMs',
  'heardAtMs',
  'endedAtMs',
  'trashedAtMs',
  'backend',
  'device',
  'dataset',
  'datasetSha256',
  'environment',
  'codeVersion',
  'pid',
  'iteration',
  'episodes',
  'seconds',
  'episodesPerSecond',
  'loss',
  'score',
  'rssBytes',
  'peakRssBytes',
  'picture',
  'spark',
  'sizeBytes',
  'journalOffset',
  'journalSequence',
  'journalMark',
  'journalProblem',
] as const satisfies readonly Exclude<keyof RunRow, 'tags'>[];

/** `createdAtMs` → `created_at_ms`; `datasetSha256` keeps its number together. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const rowColumns = rowFields.map(columnOf);

const jsonFields: ReadonlySet<string> = new Set(['spec', 'dataset', 'environment', 'spark']);

/** From the columns in the order of `rowFields`. */
export function toRunRow(values: readonly SqlValue[], tags: readonly string[]): RunRow {
  const row: Record<string, unknown> = { tags };
  for (let index = 0; index < rowFields.length; index++) {
    const field = rowFields[index]!;
    const value = values[index]!;
    row[field] = typeof value === 'string' && jsonFields.has(field) ? JSON.parse(value) : value;
  }
  row['protected'] = row['protected'] === 1;
  row['environment'] ??= {};
  return row as unknown as RunRow;
}

/** A field's value as its column holds it. */
export function toColumnValue(value: unknown): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}

/** The columns that follow from the spec. */
export function specColumns(spec: RunSpec): Record<string, SqlValue> {
  return {
    spec: JSON.stringify(spec),
    experiment: spec.experiment,
    variant: spec.variant,
    seed: spec.seed,
    batch: spec.batch,
    target_episodes: spec.episodes,
    precision: spec.precision,
    spec_hash: hashWithoutSeed(spec),
  };
}

function hashWithoutSeed({ seed: _seed, parameters, ...rest }: RunSpec): string {
  const sorted = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const content = JSON.stringify([sorted(rest), sorted(parameters)]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
