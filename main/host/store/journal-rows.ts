/** What lab.db holds of a run's journal: its position, and the rows that come of its records. */
import type { JournalRecordOf } from '../../../core/contract/journal-records.ts';
import { mirrorAbout } from './about-mirror.ts';
import type { LabDatabase } from './database-types.ts';
import type { FollowedPosition } from './series-writer.ts';

/** How far the run's journal has been taken over into lab.db. */
export function readJournalPosition(lab: LabDatabase, id: string): FollowedPosition {
  const select = 'SELECT journal_offset AS offset, journal_sequence AS sequence, journal_mark AS mark FROM runs WHERE id = ?';
  const position = lab.prepare<FollowedPosition>(select).get(id);
  if (position === undefined) throw new Error(`there is no run ${id} to follow`);
  return position;
}

export function putCheckpoint(lab: LabDatabase, id: string, record: JournalRecordOf<'checkpoint'>): void {
  lab
    .prepare(
      `INSERT OR REPLACE INTO checkpoints (run_id, file, kind, iteration, episodes, seconds, size_bytes, sha256, written_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      record.file,
      record.kind,
      record.iteration,
      record.episodes,
      record.seconds,
      Math.round(record.bytes),
      record.sha256,
      Math.round(record.atMs),
    );
}

/** Takes back what came after an iteration, until then. */
export function rewindRows(lab: LabDatabase, id: string, { iteration, atMs }: JournalRecordOf<'rewind'>): void {
  lab.prepare('DELETE FROM checkpoints WHERE run_id = ? AND iteration > ?').run(id, iteration);
  // What people had evaluated since then is of what was trained since then, also where the journal is read once more.
  const remove = "DELETE FROM evaluations WHERE run_id = ? AND iteration > ? AND (source = 'trainer' OR evaluated_at_ms <= ?)";
  const removed = lab.prepare(remove).run(id, iteration, Math.round(atMs));
  if (removed > 0) mirrorAbout(lab, id);
}

/** Forgets everything that comes of the journal, but for the status; gives the checkpoints that were marked as removed. */
export function forgetJournal(lab: LabDatabase, id: string): string[] {
  const removed = lab.prepare<{ file: string }>('SELECT file FROM checkpoints WHERE run_id = ? AND removed = 1').all(id);
  lab.prepare('DELETE FROM checkpoints WHERE run_id = ?').run(id);
  lab.prepare("DELETE FROM evaluations WHERE run_id = ? AND source = 'trainer'").run(id);
  lab.prepare("DELETE FROM happenings WHERE run_id = ? AND source = 'trainer'").run(id);
  lab
    .prepare(
      `UPDATE runs SET journal_offset = 0, journal_sequence = 1, journal_mark = 0, journal_problem = NULL, iteration = 0, episodes = 0,
         seconds = 0, episodes_per_second = NULL, loss = NULL, score = NULL, rss_bytes = NULL, peak_rss_bytes = NULL,
         picture = NULL, spark = '[]' WHERE id = ?`,
    )
    .run(id);
  return removed.map(({ file }) => file);
}
