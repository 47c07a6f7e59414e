/** Reads a journal, whole or as it grows; a damaged one up to the damage. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { JournalRecord } from '../../core/contract/journal-records.ts';
import { decodeRecords, journalStart, type JournalPart, type JournalPosition, type JournalProblem } from './journal-format.ts';

/** No record is as long as this. */
const chunkBytes = 4 * 2 ** 20;

export interface JournalTail {
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
  const poll = () => {
    const records: JournalRecord[] = [];
    for (;;) {
      const bytes = readChunk(path, position.offset);
      const part: JournalPart = decodeRecords(bytes, position);
      const advanced = part.position.offset > position.offset;
      for (const record of part.records) records.push(record);
      ({ position, problem } = part);
      // A chunk that ends within a record is read on from that record.
      if (!advanced || bytes.length < chunkBytes) return records;
    }
  };
  return {
    poll,
    get position() {
      return position;
    },
    get problem() {
      return problem;
    },
  };
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
