/** Rows of the table `tried`, and the one place where they are turned from columns into values and back. */
import { listedTriedSchema, type ListedTried, type Tried } from '../../../core/contract/tried.ts';
import type { LabDatabase } from './database-types.ts';

interface TriedRow {
  readonly id: number;
  readonly name: string;
  readonly kept_at_ms: number;
  readonly trial: string;
}

/** In the order in which they were kept. */
export function readTried(lab: LabDatabase, run: string): ListedTried[] {
  const rows = lab.prepare<TriedRow>('SELECT id, name, kept_at_ms, trial FROM tried WHERE run_id = ? ORDER BY id').all(run);
  return rows.map(({ id, name, kept_at_ms: keptAtMs, trial }) =>
    listedTriedSchema.parse({ ...(JSON.parse(trial) as object), id, name, keptAtMs }),
  );
}

/** Without the numbers that this lab has given them. */
export function describeTried(lab: LabDatabase, run: string): Tried[] {
  return readTried(lab, run).map(({ id: _id, ...tried }) => tried);
}

export function insertTried(lab: LabDatabase, run: string, { name, keptAtMs, ...trial }: Tried): void {
  const insert = 'INSERT INTO tried (run_id, name, kept_at_ms, trial) VALUES (?, ?, ?, ?)';
  lab.prepare(insert).run(run, name, keptAtMs, JSON.stringify(trial));
}
