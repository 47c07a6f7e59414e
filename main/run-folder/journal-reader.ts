/** Reads a journal, whole or as it grows; a damaged one up to the damage. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { JournalRecord } from '../../core/contract/journal-records.ts';
import { decodeRecords, journalStart, type JournalPart, type JournalPosition, type JournalProblem } from './journal-format.ts';

/** No record is as long as this. */
const chunkBytes = 4 * 2 ** 20;

export interface JournalTail {
  /** As `poll`, a record at a time: of a long journal never more than a piece is in memory. */
  each(take: (record: JournalRecord) => void): void;
  /** The records that came since the last call. A record that is being written at this moment comes with a later call. */
  poll(): readonly JournalRecord[];
  readonly position: JournalPosition;
  /** What stopped the last call before the end of the file: damage, or a record that is not complete yet. */
  readonly problem: JournalProblem | undefined;
}

/** Follows the journal at `path` from `start`; a file that is not there yet is empty. */
export function createJournalTail(path: string, start: JournalPosition = journalStart): JournalTail {
  let position = start;
  let problem: JournalProblem | undefined;
  const each = (take: (record: JournalRecord) => void) => {
    for (;;) {
      const bytes = readChunk(path, position.offset);
      const part: JournalPart = decodeRecords(bytes, position);
      const advanced = part.position.offset > position.offset;
      for (const record of part.records) take(record);
      ({ position, problem } = part);
      // A chunk that ends within a record is read on from that record.
      if (!advanced || bytes.length < chunkBytes) return;
    }
  };
  return {
    each,
    poll: () => {
      const records: JournalRecord[] = [];
      each((record) => records.push(record));
      return records;
    },
    get position() {
      return position;
    },
    get problem() {
      return problem;
    },
  };
}

/** Behind the last intact record, of a journal of any length. */
export function findJournalPosition(path: string): JournalPosition {
  const tail = createJournalTail(path);
  tail.each(() => {});
  return tail.position;
}

/** Every intact record from the beginning. Never fails on what the file contains. */
export function readJournal(path: string): { records: readonly JournalRecord[]; position: JournalPosition; problem?: JournalProblem } {
  const tail = createJournalTail(path);
  const records = tail.poll();
  return { records, position: tail.position, ...(tail.problem === undefined ? {} : { problem: tail.problem }) };
}

function readChunk(path: string, offset: number): Uint8Array {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Uint8Array(0);
    throw error;
  }
  try {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, fstatSync(file).size - offset)));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(file);
  }
}
