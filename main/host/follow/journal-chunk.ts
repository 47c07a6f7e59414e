/** Reads a journal on from where it was left, and tells whether it is still the same journal. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { decodeRecords, type JournalPart } from '../../run-folder/journal-format.ts';
import type { FollowedPosition } from '../store/series-writer.ts';

const chunkBytes = 4 * 2 ** 20;
/** So many bytes before a position are its mark: at least the end of a record, with its number, checksum and content. */
const markBytes = 256;

export interface JournalChunk {
  /** `missing`: it cannot be opened or read; `changed`: what stands before the position is not what stood there, or no longer. */
  readonly state: 'read' | 'missing' | 'changed';
  readonly records: JournalPart['records'];
  readonly position: FollowedPosition;
  /** There is at least one whole chunk more. */
  readonly more: boolean;
  /** Why reading stopped before the end of the file. */
  readonly problem: JournalPart['problem'];
  /** When the file was last written; 0 where it is missing. */
  readonly writtenAtMs: number;
}

/** Never fails on what the file contains. */
export function readJournalChunk(path: string, from: FollowedPosition): JournalChunk {
  const before = Math.min(markBytes, from.offset);
  const found = readBytes(path, from.offset - before, before + chunkBytes);
  const unread = { records: [], position: from, more: false, problem: undefined, writtenAtMs: found?.writtenAtMs ?? 0 };
  if (found === undefined) return { ...unread, state: 'missing' };
  const { bytes, writtenAtMs } = found;
  if (bytes.length < before || crc32(bytes.subarray(0, before)) !== from.mark) return { ...unread, state: 'changed' };

  const part = decodeRecords(bytes.subarray(before), from);
  const end = before + part.position.offset - from.offset;
  const mark = crc32(bytes.subarray(Math.max(0, end - markBytes), end));
  const isFull = bytes.length === before + chunkBytes;
  // A chunk that ends within a record is read on from that record.
  const isCutByChunk = isFull && end > before;
  return {
    state: 'read',
    records: part.records,
    position: { ...part.position, mark },
    more: isCutByChunk,
    problem: isCutByChunk && part.problem?.reason === 'the record has no end' ? undefined : part.problem,
    writtenAtMs,
  };
}

function readBytes(path: string, offset: number, most: number): { bytes: Buffer; writtenAtMs: number } | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size, mtimeMs } = fstatSync(file);
    const buffer = Buffer.allocUnsafe(Math.min(most, Math.max(0, size - offset)));
    return { bytes: buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset)), writtenAtMs: Math.round(mtimeMs) };
  } catch {
    // A folder of this name, or a disk that cannot read it: as bad as none.
    return undefined;
  } finally {
    closeSync(file);
  }
}
