/** How all runs stand, in as few words as possible: for a start that looks at every one of them. */
import type { LabDatabase } from './database-types.ts';
import type { RunRow } from './run-row.ts';

export type RunState = Pick<RunRow, 'id' | 'reasonCode'> & { readonly isTrashed: boolean };

/** Oldest first. */
export function listRunStates(lab: LabDatabase): RunState[] {
  const select = 'SELECT id, reason_code, trashed_at_ms IS NOT NULL FROM runs ORDER BY created_at_ms, id';
  const rows = lab.queryOnce(select, []) as [string, string | null, number][];
  return rows.map(([id, reasonCode, isTrashed]) => ({ id, reasonCode, isTrashed: isTrashed === 1 }));
}
