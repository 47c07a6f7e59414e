/** Writes into lab.db what a run's journal says: how it stands, its checkpoints, evaluations and happenings. */
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import type { RunPaths } from '../../run-folder/run-paths.ts';
import type { Stores } from '../store/open-stores.ts';
import { markCheckpointsRemoved } from '../store/checkpoints.ts';
import { forgetJournal, readJournalPosition } from '../store/journal-rows.ts';
import { changeRun, readRun, type ChangeableColumns, type RunRow } from '../store/runs.ts';
import type { FollowedPosition } from '../store/series-writer.ts';
import { readJournalChunk } from './journal-chunk.ts';
import { takeRecord } from './lab-records.ts';
import { summariseProgress } from './progress.ts';

type RunChanges = { -readonly [Field in keyof ChangeableColumns]?: ChangeableColumns[Field] };

export interface LabWriter {
  readonly position: FollowedPosition;
  /** Takes the next records of a journal that was last written at `writtenAtMs`; they and the new position are there together, or neither is. */
  take(records: readonly JournalRecord[], position: FollowedPosition, writtenAtMs: number): void;
  /** Forgets what the journal said and takes all of it anew, at once; what only people and the host know stays. Returns what it says now. */
  readAgain(): readonly JournalRecord[];
  /** Notes what is wrong with the journal, if that is new. */
  noteProblem(problem: string | null): void;
}

export function createLabWriter({ lab, series }: Pick<Stores, 'lab' | 'series'>, id: string, paths: RunPaths): LabWriter {
  const read = (): RunRow => {
    const row = readRun(lab, id);
    if (row === undefined) throw new Error(`there is no run ${id} to follow`);
    return row;
  };

  let noted: string | null | undefined;

  const take = (records: readonly JournalRecord[], { offset, sequence, mark }: FollowedPosition, writtenAtMs: number) => {
    // How far a training has come can be read again from its journal; everything else is on the disk before others hear of it.
    const isProgress = records.every(({ type }) => type === 'metrics');
    const transaction = isProgress ? lab.relaxedTransaction : lab.transaction;
    transaction(() => {
      const row = read();
      const changes: RunChanges = {
        journalOffset: offset,
        journalSequence: sequence,
        journalMark: mark,
        heardAtMs: Math.max(row.heardAtMs ?? 0, writtenAtMs),
      };
      for (const record of records) {
        // How far it had come decides what a rewind means.
        if (record.type === 'metrics') changes.iteration = record.iteration;
        else Object.assign(changes, takeRecord(lab, { ...row, ...changes }, record));
      }
      changeRun(lab, id, { ...changes, ...summariseProgress(series, id, records, { ...row, ...changes }) });
    });
  };

  const readAgain = () =>
    lab.transaction(() => {
      const before = read();
      noted = undefined;
      const removed = forgetJournal(lab, id);
      const records: JournalRecord[] = [];
      for (let more = true; more;) {
        const chunk = readJournalChunk(paths.journal, readJournalPosition(lab, id));
        take(chunk.records, chunk.position, chunk.writtenAtMs);
        for (const record of chunk.records) records.push(record);
        ({ more } = chunk);
      }
      markCheckpointsRemoved(lab, id, removed);
      changeRun(lab, id, settleStatus(before, read(), paths));
      return records;
    });

  return {
    get position() {
      return readJournalPosition(lab, id);
    },
    take,
    readAgain,
    noteProblem(problem) {
      if (noted === undefined) noted = read().journalProblem;
      if (noted === problem) return;
      changeRun(lab, id, { journalProblem: problem });
      noted = problem;
    },
  };
}

/** After reading again: how a run stands that stood as `before`, and stands as `after` by its journal alone. */
function settleStatus(before: RunRow, after: RunRow, paths: RunPaths): Partial<ChangeableColumns> {
  const { status, reasonCode, reason, intent, queuePlace, endedAtMs } = before;
  const asBefore = { status, reasonCode, reason, intent, queuePlace, endedAtMs };
  // What the host and people decided since then is not in the journal.
  if (status === 'queued') return asBefore;
  if (after.status === 'stopped') return status === 'paused' ? asBefore : {};
  if (after.status !== 'running') return {};
  if (status === 'running' || status === 'interrupted') return asBefore;
  if (readLockHolder(paths.lock) !== undefined) return {};
  return { status: 'interrupted', reasonCode: 'journal-cut', reason: 'its journal lost its end, perhaps in a power cut' };
}
