/** The columns by which runs can be sorted, filtered and grouped, by the names that people use. */
import { sortColumns } from '../../../core/contract/api/runs.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import { experiments } from '../../../core/experiments/index.ts';
import { sql, type RawBuilder } from 'kysely';

type ColumnName = (typeof sortColumns)[number];

const columns: Record<ColumnName, { readonly column: string; readonly isNumber: boolean }> = {
  id: { column: 'id', isNumber: false },
  createdAt: { column: 'created_at_ms', isNumber: true },
  startedAt: { column: 'started_at_ms', isNumber: true },
  endedAt: { column: 'ended_at_ms', isNumber: true },
  status: { column: 'status', isNumber: false },
  experiment: { column: 'experiment', isNumber: false },
  variant: { column: 'variant', isNumber: false },
  seed: { column: 'seed', isNumber: true },
  batch: { column: 'batch', isNumber: true },
  targetEpisodes: { column: 'target_episodes', isNumber: true },
  episodes: { column: 'episodes', isNumber: true },
  loss: { column: 'loss', isNumber: true },
  score: { column: 'score', isNumber: true },
  episodesPerSecond: { column: 'episodes_per_second', isNumber: true },
  seconds: { column: 'seconds', isNumber: true },
  sizeBytes: { column: 'size_bytes', isNumber: true },
  name: { column: 'name', isNumber: false },
  group: { column: 'run_group', isNumber: false },
};

const parameterPrefix = 'parameter:';

/** Names of parameters that only tasks and networks of the user's have. */
export type OwnParameters = () => readonly string[];

/**
 * The SQL of a column.
 * @throws InputError `unknown-column` with the nearest name.
 */
export function columnExpression(name: string, own: OwnParameters): RawBuilder<string | number | null> {
  if (name.startsWith(parameterPrefix)) return parameterExpression(name.slice(parameterPrefix.length), own);
  const known = sortColumns.find((column) => column === name);
  if (known === undefined) throw unknownColumn('column', name, sortColumns);
  return sql`${sql.ref(columns[known].column)}`;
}

/**
 * The SQL of a column that holds numbers.
 * @throws InputError `unknown-column`.
 */
export function numberExpression(name: string, own: OwnParameters): RawBuilder<string | number | null> {
  const known = sortColumns.find((column) => column === name);
  const numbers = sortColumns.filter((column) => columns[column].isNumber);
  if (known !== undefined && !columns[known].isNumber) {
    throw new InputError('unknown-column', `the column "${name}" holds no numbers; ${numbers.join(', ')} do, and parameter:NAME may`);
  }
  return columnExpression(name, own);
}

function parameterExpression(name: string, own: OwnParameters): RawBuilder<string | number | null> {
  const names = [...new Set(experiments.flatMap(({ parameters }) => Object.keys(parameters)))];
  if (!names.includes(name) && !own().includes(name)) throw unknownColumn('parameter', name, [...names, ...own()]);
  return sql`json_extract(spec, ${sql.lit(`$.parameters.${name}`)})`;
}

function unknownColumn(kind: string, name: string, names: readonly string[]): InputError {
  return new InputError('unknown-column', `runs have no ${kind} "${name}": ${suggestName(name, names)}`);
}
