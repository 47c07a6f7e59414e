/** What happened to a run: its trainer's events and log, and what host and people did. */
import type { RunDetails } from '../../../core/contract/api/runs.ts';
import type { LabDatabase } from './database-types.ts';

export type Happening = RunDetails['happenings'][number];

export interface NewHappening {
  readonly source: Happening['source'];
  readonly level: Happening['level'];
  /** Kebab-case: `started`, `rewound`, … */
  readonly name: string;
  readonly message: string;
  /** Now, where it is left out. */
  readonly atMs?: number;
}

const fields = 'id, happened_at_ms AS happenedAtMs, source, level, name, message';
const listLimit = 10_000;

export function addHappening(lab: LabDatabase, runId: string, { source, level, name, message, atMs = Date.now() }: NewHappening): void {
  lab
    .prepare('INSERT INTO happenings (run_id, happened_at_ms, source, level, name, message) VALUES (?, ?, ?, ?, ?, ?)')
    .run(runId, Math.round(atMs), source, level, name, message);
}

/** Those after the one with the id `after`, oldest first; at most 10,000 at once. */
export function listHappenings(lab: LabDatabase, runId: string, after = 0): Happening[] {
  return lab
    .prepare<Happening>(`SELECT ${fields} FROM happenings WHERE run_id = ? AND id > ? ORDER BY id LIMIT ${listLimit}`)
    .all(runId, after);
}

/** The last `count`, oldest first. */
export function newestHappenings(lab: LabDatabase, runId: string, count: number): Happening[] {
  return lab.prepare<Happening>(`SELECT ${fields} FROM happenings WHERE run_id = ? ORDER BY id DESC LIMIT ?`).all(runId, count).reverse();
}
