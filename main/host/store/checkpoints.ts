/** Checkpoints of runs, as far as their journals name them. */
import type { RunDetails } from '../../../core/contract/api/runs.ts';
import type { LabDatabase } from './database-types.ts';

export type Checkpoint = RunDetails['checkpoints'][number];

/** In the order of their iterations. */
export function listCheckpoints(lab: LabDatabase, runId: string): Checkpoint[] {
  const rows = lab
    .prepare<Omit<Checkpoint, 'removed'> & { readonly removed: number }>(
      `SELECT file, kind, iteration, episodes, seconds, size_bytes AS sizeBytes, sha256, written_at_ms AS writtenAtMs, removed
       FROM checkpoints WHERE run_id = ? ORDER BY iteration, file`,
    )
    .all(runId);
  return rows.map((row) => ({ ...row, removed: row.removed === 1 }));
}

/** Finished runs that have more full checkpoints than `kept`. */
export function finishedWithMore(lab: LabDatabase, kept: number): string[] {
  const select = `SELECT run_id AS id FROM checkpoints JOIN runs ON runs.id = run_id
    WHERE kind = 'full' AND removed = 0 AND status = 'finished' GROUP BY run_id HAVING count(*) > ?`;
  return lab
    .prepare<{ readonly id: string }>(select)
    .all(kept)
    .map(({ id }) => id);
}

/** Notes that the retention policy took these files away. */
export function markCheckpointsRemoved(lab: LabDatabase, runId: string, files: readonly string[]): void {
  lab
    .prepare('UPDATE checkpoints SET removed = 1 WHERE run_id = ? AND file IN (SELECT value FROM json_each(?))')
    .run(runId, JSON.stringify(files));
}
