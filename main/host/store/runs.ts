/** Runs: what the lab knows of each. */
import type { Evaluation } from '../../../core/contract/evaluation.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { Tried } from '../../../core/contract/tried.ts';
import { mirrorAbout } from './about-mirror.ts';
import type { LabDatabase } from './database-types.ts';
import { putEvaluation } from './evaluations.ts';
import { readRun } from './read-runs.ts';
import { columnOf, specColumns, toColumnValue, type RunRow, type RunSlot, type RunStatus } from './run-row.ts';
import type { SqlValue } from './sql.ts';
import { insertTried } from './tried-rows.ts';

export { groupRuns } from './group-runs.ts';
export { listRuns } from './list-runs.ts';
export { countQueued, pausedFor, queueEnds, readAllRuns, readRun, runsWithStatus } from './read-runs.ts';
export { resolveRunId } from './resolve-run-id.ts';
export { readDetails, toSummary } from './run-summary.ts';
export type { RunRow, RunSlot, RunStatus } from './run-row.ts';
export { addTags, removeTags } from './tags.ts';

export interface NewRun {
  readonly id: string;
  readonly spec: RunSpec;
  readonly name?: string;
  readonly note?: string;
  readonly group?: string;
  readonly tags?: readonly string[];
  readonly protected?: boolean;
  readonly tried?: readonly Tried[];
  /** What people had evaluated. */
  readonly evaluated?: readonly Evaluation[];
  readonly status: RunStatus;
  readonly slot: RunSlot;
  readonly createdAtMs: number;
  readonly queuePlace?: number;
}

/** What can be changed of a run; `spec` changes everything that follows from it. */
export type ChangeableColumns = Omit<RunRow, 'id' | 'tags' | 'createdAtMs'>;

/** Fields that people write, which are kept in the run folder as well. */
const aboutFields: ReadonlySet<string> = new Set(['name', 'note', 'runGroup', 'protected']);

/** All of them or none. Where a run's folder is there already, what people say of it is written there, too. */
export function insertRuns(lab: LabDatabase, runs: readonly NewRun[]): void {
  lab.transaction(() => {
    for (const run of runs) {
      insert(lab, 'runs', {
        id: run.id,
        ...specColumns(run.spec),
        name: run.name ?? '',
        note: run.note ?? '',
        run_group: run.group ?? '',
        protected: run.protected === true ? 1 : 0,
        status: run.status,
        slot: run.slot,
        created_at_ms: run.createdAtMs,
        queue_place: run.queuePlace ?? null,
      });
      for (const tag of new Set(run.tags)) lab.prepare('INSERT INTO tags (run_id, tag) VALUES (?, ?)').run(run.id, tag);
      for (const each of run.tried ?? []) insertTried(lab, run.id, each);
      for (const each of run.evaluated ?? []) putEvaluation(lab, run.id, each, 'person');
      mirrorAbout(lab, run.id);
    }
  });
}

/**
 * Changes a run and gives it as it is now.
 * @throws Error when there is no such run: ids come from `resolveRunId`.
 */
export function changeRun(lab: LabDatabase, id: string, changes: Partial<ChangeableColumns>): RunRow {
  const { spec, ...rest } = changes;
  const values: Record<string, SqlValue> = spec === undefined ? {} : specColumns(spec);
  for (const [field, value] of Object.entries<unknown>(rest)) if (value !== undefined) values[columnOf(field)] = toColumnValue(value);
  return lab.transaction(() => {
    updateRun(lab, id, values);
    if (Object.keys(rest).some((field) => aboutFields.has(field))) mirrorAbout(lab, id);
    const row = readRun(lab, id);
    if (row === undefined) throw new Error(`there is no run ${id} to change`);
    return row;
  });
}

/** Sets columns by their names in the database. */
function updateRun(lab: LabDatabase, id: string, values: Readonly<Record<string, SqlValue>>): void {
  const columns = Object.keys(values);
  if (columns.length === 0) return;
  lab.prepare(`UPDATE runs SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`).run(...Object.values(values), id);
}

/** With its tags, checkpoints, evaluations and happenings; its series and its folder are others' affair. */
export function deleteRun(lab: LabDatabase, id: string): void {
  lab.prepare('DELETE FROM runs WHERE id = ?').run(id);
}

function insert(lab: LabDatabase, table: string, values: Readonly<Record<string, SqlValue>>): void {
  const columns = Object.keys(values);
  lab.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...Object.values(values));
}
