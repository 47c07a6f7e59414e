/** Where the whole records of a journal end, found piece by piece: neither all in memory, nor all in one turn of the event loop. */
import type { FileHandle } from 'node:fs/promises';
import { decodeRecords, journalStart, type JournalPosition, type JournalProblem } from '../run-folder/journal-format.ts';

const pieceBytes = 128 * 1024;
/** No record is as long as this. */
const maximumPieceBytes = 4 * 2 ** 20;

export async function findJournalEnd(file: FileHandle): Promise<{ position: JournalPosition; problem?: JournalProblem }> {
  let position = journalStart;
  let size = pieceBytes;
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, position.offset);
    const part = decodeRecords(buffer.subarray(0, bytesRead), position);
    const advanced = part.position.offset > position.offset;
    ({ position } = part);
    if (bytesRead < size || (!advanced && size >= maximumPieceBytes)) {
      return { position, ...(part.problem === undefined ? {} : { problem: part.problem }) };
    }
    // A piece that ends within a record is read on from that record, and one that holds no whole record is too short.
    size = advanced ? pieceBytes : 2 * size;
  }
}
