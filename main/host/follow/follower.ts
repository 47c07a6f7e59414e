/**
 * Takes over what a run's journal has gained into both databases, each record exactly once.
 *
 * Each database keeps its own position in the journal, in the same transaction as the rows: whichever was left behind by a crash reads on from
 * there. A position carries a checksum of the bytes before it. Where these are no longer what they were (a power cut took the journal's end, and
 * a new session wrote something else in its place), what was taken over is forgotten and the journal is read again from its beginning. Where one
 * database cannot read on because of damage that the other one has passed before it happened, it goes on behind the damage.
 */
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import type { JournalProblem } from '../../run-folder/journal-format.ts';
import type { RunPaths } from '../../run-folder/run-paths.ts';
import { addHappening } from '../store/happenings.ts';
import type { Stores } from '../store/open-stores.ts';
import { createSeriesWriter, type FollowedPosition } from '../store/series-writer.ts';
import { readJournalChunk } from './journal-chunk.ts';
import { createLabWriter } from './lab-writer.ts';

export interface PolledRecords {
  readonly records: readonly JournalRecord[];
  /** The number of the first record that was read. */
  readonly first: number;
  /** The number of the record that will come next. */
  readonly next: number;
  /** There is more to read at once, which `chunks` kept back. */
  readonly more: boolean;
}

export interface Follower {
  /**
   * Takes over what has come. With `chunks`, stops after reading so many times 4 MB.
   * @throws FailureError `disk-full` and others of the databases; the next call goes on where this one failed.
   */
  poll(chunks?: number): PolledRecords;
}

/** A record that is being written at this moment is whole sooner than this. */
const patienceMs = 2000;

/** Follows the journal of a run that lab.db has a row of. */
export function createFollower({ lab, series }: Stores, id: string, paths: RunPaths): Follower {
  const seriesWriter = createSeriesWriter(series, id);
  const labWriter = createLabWriter({ lab, series }, id, paths);
  const describeProblem = createPatience();
  const isChanged = (position: FollowedPosition) => readJournalChunk(paths.journal, position).state === 'changed';

  /** Brings the one that is behind to where the other one is. */
  const leaveGap = (labAt: FollowedPosition, seriesAt: FollowedPosition) => {
    const isLabBehind = labAt.sequence < seriesAt.sequence;
    const [from, to] = isLabBehind ? [labAt, seriesAt] : [seriesAt, labAt];
    if (isLabBehind) labWriter.take([], to, 0);
    else seriesWriter.take([], to);
    const message = `records ${from.sequence} to ${to.sequence - 1} of the journal can no longer be read; what they said is missing`;
    addHappening(lab, id, { source: 'host', level: 'error', name: 'journal-damaged', message });
  };

  return {
    poll(chunks = Infinity) {
      const records: JournalRecord[] = [];
      let { sequence: first } = labWriter.position;
      for (let chunk = 0; ; chunk++) {
        const [labAt, seriesAt] = [labWriter.position, seriesWriter.position];
        if (chunk >= chunks) return { records, first, next: labAt.sequence, more: true };
        // The series go first: the lab's means are taken from them.
        let at = seriesAt;
        let part = readJournalChunk(paths.journal, at);
        const isRead = part.state === 'read' && part.position.sequence === at.sequence;
        if (isRead && labAt.sequence < seriesAt.sequence) part = readJournalChunk(paths.journal, (at = labAt));
        const { state, position, ...read } = part;
        if (state === 'missing') {
          labWriter.noteProblem(labAt.offset > 0 ? 'the journal is gone, or cannot be read' : null);
          return { records, first, next: labAt.sequence, more: false };
        }
        const advanced = position.sequence > at.sequence;
        const isStuck = !advanced && !isSame(labAt, seriesAt);
        if (state === 'changed' || isStuck) {
          if (isChanged(seriesAt)) seriesWriter.reset();
          else if (isChanged(labAt)) {
            records.length = 0;
            for (const record of labWriter.readAgain()) records.push(record);
            first = 1;
          } else if (isStuck) leaveGap(labAt, seriesAt);
          continue;
        }
        if (advanced && isSame(seriesAt, at)) seriesWriter.take(read.records, position);
        if (advanced && isSame(labAt, at)) {
          labWriter.take(read.records, position, read.writtenAtMs);
          for (const record of read.records) records.push(record);
        }
        if (read.more || (advanced && !isSame(labWriter.position, seriesWriter.position))) continue;
        labWriter.noteProblem(describeProblem(read.problem));
        return { records, first, next: labWriter.position.sequence, more: false };
      }
    },
  };
}

function isSame(a: FollowedPosition, b: FollowedPosition): boolean {
  return a.offset === b.offset && a.sequence === b.sequence && a.mark === b.mark;
}

/** Says what is wrong with a journal; of a record that may just be in the middle of being written, only after a while. */
function createPatience(): (problem: JournalProblem | undefined) => string | null {
  let seen = { offset: -1, sinceMs: 0 };
  return (problem) => {
    if (problem === undefined) return null;
    if (problem.offset !== seen.offset) seen = { offset: problem.offset, sinceMs: performance.now() };
    if (performance.now() - seen.sinceMs < patienceMs) return null;
    return `the journal cannot be read on from byte ${problem.offset}, record ${problem.sequence}: ${problem.reason}`;
  };
}
