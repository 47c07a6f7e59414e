/** Lists of runs: filtered, sorted, cut. */
import { sql } from 'kysely';
import type { RunQuery } from '../../../core/contract/api/runs.ts';
import type { LabDatabase } from './database-types.ts';
import { findOwnParameters } from './extensions-of-runs.ts';
import { columnExpression } from './run-columns.ts';
import { selectRuns } from './run-filter.ts';
import { rowColumns, toRunRow, type RunRow } from './run-row.ts';
import type { SqlValue } from './sql.ts';
import { readTagsOf } from './tags.ts';

/** As many as the contract allows. */
const mostRuns = 20_000;

/**
 * The runs for which every condition holds, newest first unless the query says otherwise (what a run has no value of comes last), and how many
 * there are without the limit.
 * @throws InputError `unknown-column` with the nearest name.
 */
export function listRuns(lab: LabDatabase, query: RunQuery): { runs: RunRow[]; total: number } {
  const own = () => findOwnParameters(lab);
  const matching = selectRuns(query, own);
  let selection = matching.select(rowColumns.map((column) => sql.ref(column).as(column)));
  for (const { by, descending } of query.sort ?? []) {
    selection = selection.orderBy(columnExpression(by, own), (order) => (descending ? order.desc() : order.asc()).nullsLast());
  }
  const limit = query.limit ?? mostRuns;
  const offset = query.offset ?? 0;
  const page = selection.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').limit(limit).offset(offset).compile();
  const rows = lab.queryOnce(page.sql, page.parameters as readonly SqlValue[]);
  const tags = readTagsOf(
    lab,
    rows.map(([id]) => String(id)),
  );
  const runs = rows.map((values) => toRunRow(values, tags.get(String(values[0])) ?? []));
  if (offset === 0 && runs.length < limit) return { runs, total: runs.length };
  const count = matching.select(sql<number>`count(*)`.as('total')).compile();
  return { runs, total: Number(lab.queryOnce(count.sql, count.parameters as readonly SqlValue[])[0]![0]) };
}
