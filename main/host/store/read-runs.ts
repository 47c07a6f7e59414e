/** Reads runs. */
import type { LabDatabase } from './database-types.ts';
import { rowColumns, toRunRow, type RunRow, type RunSlot, type RunStatus } from './run-row.ts';
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

/** Ids of the paused runs that have this reason code, oldest first. */
export function pausedFor(lab: LabDatabase, reasonCode: string): string[] {
  const select = `SELECT id FROM runs WHERE status = 'paused' AND reason_code = ? AND trashed_at_ms IS NULL ORDER BY created_at_ms, id`;
  return lab
    .prepare<{ readonly id: string }>(select)
    .all(reasonCode)
    .map(({ id }) => id);
}

/** How many runs are queued for each kind of slot; cheap, however many there are. */
export function countQueued(lab: LabDatabase): Record<RunSlot, number> {
  const select = "SELECT slot, count(*) AS runs FROM runs WHERE status = 'queued' AND trashed_at_ms IS NULL GROUP BY slot";
  const counts = { gpu: 0, cpu: 0 };
  for (const { slot, runs } of lab.prepare<{ readonly slot: RunSlot; readonly runs: number }>(select).all()) counts[slot] = runs;
  return counts;
}

/** The first and the last place in the queue; undefined where nothing is queued. */
export function queueEnds(lab: LabDatabase): { readonly first: number; readonly last: number } | undefined {
  const select = "SELECT min(queue_place) AS first, max(queue_place) AS last FROM runs WHERE status = 'queued' AND trashed_at_ms IS NULL";
  const ends = lab.prepare<{ readonly first: number | null; readonly last: number | null }>(select).get();
  const { first, last } = ends ?? { first: null, last: null };
  return first === null || last === null ? undefined : { first, last };
}

function readRows(lab: LabDatabase, rest: string, values: readonly SqlValue[]): RunRow[] {
  const rows = lab.prepare<Record<string, SqlValue>>(`SELECT ${rowColumns.join(', ')} FROM runs ${rest}`).all(...values);
  const tags = readTagsOf(
    lab,
    rows.map(({ id }) => String(id)),
  );
  return rows.map((row) => toRunRow(Object.values(row), tags.get(String(row['id'])) ?? []));
}
