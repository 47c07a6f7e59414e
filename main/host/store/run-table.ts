/** All runs as columns: what a front end needs to list, filter, sort and group them, and no more. */
import { encodeSpark, type RunRecipe, type RunTable } from '../../../core/contract/api/run-table.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { LabDatabase } from './database-types.ts';
import type { SqlValue } from './sql.ts';

/** Columns that are taken over as they are. */
const plain = {
  id: 'id',
  seed: 'seed',
  name: 'name',
  note: 'note',
  group: 'run_group',
  status: 'status',
  reason: 'reason',
  intent: 'intent',
  createdAtMs: 'created_at_ms',
  startedAtMs: 'started_at_ms',
  endedAtMs: 'ended_at_ms',
  trashedAtMs: 'trashed_at_ms',
  backend: 'backend',
  device: 'device',
  dataset: "json_extract(dataset, '$.name')",
  iteration: 'iteration',
  episodes: 'episodes',
  seconds: 'seconds',
  episodesPerSecond: 'episodes_per_second',
  loss: 'loss',
  score: 'score',
  sizeBytes: 'size_bytes',
} as const satisfies Partial<Record<keyof RunTable, string>>;

const plainNames = Object.keys(plain) as (keyof typeof plain)[];
const others = ['protected', 'spec_hash', 'spark'];
const select = `SELECT ${[...Object.values(plain), ...others].join(', ')} FROM runs ORDER BY created_at_ms DESC, id DESC`;

/** Every run, also those in the trash, newest first. @param queuePositions by id: 1 for the next queued run of its slot. */
export function readRunTable(lab: LabDatabase, queuePositions: ReadonlyMap<string, number>): RunTable {
  const rows = lab.queryOnce(select, []);
  const column = <Value>(index: number, convert: (value: SqlValue) => Value) => rows.map((row) => convert(row[index]!));
  const taken = Object.fromEntries(plainNames.map((name, index) => [name, column(index, (value) => value)]));
  const from = plainNames.length;
  const ids = taken['id'] as string[];
  const tags = readTags(lab);
  return {
    ...(taken as Pick<RunTable, keyof typeof plain>),
    ...readRecipes(lab, column(from + 1, String)),
    tags: ids.map((id) => tags.get(id) ?? []),
    protected: column(from, (value) => value === 1),
    queuePlace: ids.map((id) => queuePositions.get(id) ?? null),
    spark: column(from + 2, (value) => encodeSpark(JSON.parse(String(value)) as number[])),
  };
}

/** Each specification is read once, however many seeds it was run with. */
function readRecipes(lab: LabDatabase, hashes: readonly string[]): Pick<RunTable, 'recipes' | 'recipe'> {
  const specs = lab.queryOnce('SELECT spec_hash, spec FROM runs WHERE rowid IN (SELECT min(rowid) FROM runs GROUP BY spec_hash)', []);
  const places = new Map(specs.map(([hash], index) => [hash, index]));
  return { recipes: specs.map(([, spec]) => toRecipe(String(spec))), recipe: hashes.map((hash) => places.get(hash)!) };
}

function toRecipe(text: string): RunRecipe {
  const { seed: _seed, ...recipe } = JSON.parse(text) as RunSpec;
  return recipe;
}

function readTags(lab: LabDatabase): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const [id, tag] of lab.queryOnce('SELECT run_id, tag FROM tags ORDER BY run_id, tag', [])) {
    const list = tags.get(String(id));
    if (list === undefined) tags.set(String(id), [String(tag)]);
    else list.push(String(tag));
  }
  return tags;
}
