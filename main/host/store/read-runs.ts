/** Reads runs. */
import type { LabDatabase } from './database-types.ts';
import { rowColumns, toRunRow, type RunRow, type RunStatus } from './run-row.ts';
import type { SqlValue } from './sql.ts';
import { readTagsOf } from './tags.ts';

export function readRun(lab: LabDatabase, id: string): RunRow | undefined {
  return readRows(lab, 'WHERE id = ?', [id])[0];
}

/** Also those in the trash, oldest first. */
export function readAllRuns(lab: LabDatabase): RunRow[] {
  return readRows(lab, 'ORDER BY created_at_ms, id', []);
}

/** Those in one of these states that are not in the trash; queued ones in the order in which they are to start, others oldest first. */
export function runsWithStatus(lab: LabDatabase, statuses: readonly RunStatus[]): RunRow[] {
  const where = 'WHERE status IN (SELECT value FROM json_each(?)) AND trashed_at_ms IS NULL';
  return readRows(lab, `${where} ORDER BY queue_place, created_at_ms, id`, [JSON.stringify(statuses)]);
}

function readRows(lab: LabDatabase, rest: string, values: readonly SqlValue[]): RunRow[] {
  const rows = lab.prepare<Record<string, SqlValue>>(`SELECT ${rowColumns.join(', ')} FROM runs ${rest}`).all(...values);
  const tags = readTagsOf(
    lab,
    rows.map(({ id }) => String(id)),
  );
  return rows.map((row) => toRunRow(Object.values(row), tags.get(String(row['id'])) ?? []));
}
