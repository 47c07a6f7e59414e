/** A query for runs as SQL. */
import { DummyDriver, Kysely, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type SelectQueryBuilder } from 'kysely';
import type { RunQuery } from '../../../core/contract/api/runs.ts';
import type { LabDatabase } from './database-types.ts';
import { numberExpression, type OwnParameters } from './run-columns.ts';
import { matchesWords, splitWords } from './search-text.ts';

/** The columns that filters name. */
interface RunsTable {
  readonly id: string;
  readonly status: string;
  readonly experiment: string;
  readonly variant: string;
  readonly seed: number;
  readonly run_group: string;
  readonly dataset_sha256: string | null;
  readonly created_at_ms: number;
  readonly trashed_at_ms: number | null;
  readonly spec_hash: string;
}

interface Tables {
  readonly runs: RunsTable;
  readonly tags: { readonly run_id: string; readonly tag: string };
}

export type RunSelection = SelectQueryBuilder<Tables, 'runs', object>;

/** Builds queries only; better-sqlite3 executes them. */
const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/**
 * The runs for which every condition of `query` holds; nothing selected, no order, no limit.
 * @throws InputError `unknown-column`.
 */
export function selectRuns(query: RunQuery, own: OwnParameters): RunSelection {
  let selection: RunSelection = builder.selectFrom('runs').where('trashed_at_ms', query.trashed === true ? 'is not' : 'is', null);
  if (query.status !== undefined) selection = selection.where('status', 'in', query.status);
  if (query.experiment !== undefined) selection = selection.where('experiment', 'in', query.experiment);
  if (query.variant !== undefined) selection = selection.where('variant', 'in', query.variant);
  if (query.seeds !== undefined) selection = selection.where('seed', '>=', query.seeds.from).where('seed', '<=', query.seeds.to);
  if (query.group !== undefined) selection = selection.where('run_group', '=', query.group);
  if (query.datasetSha256 !== undefined) selection = selection.where('dataset_sha256', '=', query.datasetSha256);
  const { tags } = query;
  if (tags !== undefined) selection = selection.where('id', 'in', builder.selectFrom('tags').select('run_id').where('tag', 'in', tags));
  for (const { column, is, value } of query.numbers ?? []) {
    const expression = numberExpression(column, own);
    // To SQLite every text is more than any number.
    selection = selection.where(sql<boolean>`typeof(${expression}) <> 'text' AND ${expression} ${sql.raw(is)} ${value}`);
  }
  const words = splitWords(query.text ?? '');
  if (words.length > 0) selection = selection.where(sql<boolean>`matches_words(${words.join(' ')}, ${searched})`);
  return selection;
}

const searched = sql`id || ' ' || name || ' ' || note || ' ' || run_group || ' ' || experiment || ' ' || variant || ' '
  || coalesce(backend, '') || ' ' || coalesce(device, '') || ' '
  || coalesce((SELECT group_concat(tag, ' ') FROM tags WHERE run_id = runs.id), '')`;

/** Makes the function known that `text` is searched with. */
export function prepareSearch(lab: LabDatabase): void {
  lab.defineFunction('matches_words', (words, text) => (matchesWords(String(words), String(text)) ? 1 : 0));
}
