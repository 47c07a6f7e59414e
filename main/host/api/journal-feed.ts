/** Reads a run's journal for one listener, a piece at a time: nothing waits in memory for a listener that is slow. */
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { decodeRecords, journalStart, type JournalPosition } from '../../run-folder/journal-format.ts';
import { openIfThere } from './open-file.ts';

/** Longer than any record. */
const firstPieceBytes = 256 * 1024;
const newline = 0x0a;

export interface JournalFeed {
  /** The next records; none when all that are written have been read. */
  next(): Promise<readonly JournalRecord[]>;
  /** The sequence number of the last record that was read. */
  readonly position: number;
}

/**
 * Reads what comes after the record with sequence number `after`.
 * @param known a position that is known from elsewhere, so that the journal need not be searched from its beginning.
 */
export function createJournalFeed(path: string, after: number, known: JournalPosition = journalStart): JournalFeed {
  let at = known.sequence <= after + 1 ? known : journalStart;
  const next = async (): Promise<readonly JournalRecord[]> => {
    for (let pieceBytes = firstPieceBytes; ; pieceBytes *= 2) {
      const bytes = await readPiece(path, at.offset, pieceBytes);
      // The file was cut behind our back: its records are counted anew.
      if (bytes === undefined) at = await skipRecords(path, journalStart, at.sequence - 1);
      if (bytes === undefined || bytes.length === 0) return [];
      const { position, records } = decodeRecords(bytes, at);
      const advanced = position.offset > at.offset;
      at = position;
      // A piece of nothing but records that this version does not know, or of less than one record, is not the end.
      if (records.length > 0) return records;
      if (!advanced && bytes.length < pieceBytes) return [];
    }
  };
  return {
    next: async () => {
      if (at.sequence <= after) at = await skipRecords(path, at, after);
      return next();
    },
    get position() {
      return at.sequence - 1;
    },
  };
}

/** Undefined when the file is shorter than that. */
async function readPiece(path: string, offset: number, length: number): Promise<Uint8Array | undefined> {
  const file = await openIfThere(path);
  if (file === undefined) return offset === 0 ? new Uint8Array(0) : undefined;
  try {
    if ((await file.stat()).size < offset) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** From `start` on behind the record with sequence number `last`, or behind the last whole one. */
async function skipRecords(path: string, start: JournalPosition, last: number): Promise<JournalPosition> {
  let { offset, sequence } = start;
  for (let pieceBytes = firstPieceBytes; sequence <= last;) {
    const bytes = (await readPiece(path, offset, pieceBytes)) ?? new Uint8Array(0);
    let end = 0;
    for (let found = bytes.indexOf(newline); found !== -1 && sequence <= last; found = bytes.indexOf(newline, end)) {
      end = found + 1;
      sequence++;
    }
    offset += end;
    if (end > 0) continue;
    if (bytes.length < pieceBytes) break;
    pieceBytes *= 2;
  }
  return { offset, sequence };
}
