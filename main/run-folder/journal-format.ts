/** One record a line: `<sequence number> <CRC-32> <JSON>`; the checksum covers number and JSON. */
import { crc32 } from 'node:zlib';
import { journalRecordSchema, type JournalRecord } from '../../core/contract/journal-records.ts';

/** Where the next record is to stand. */
export interface JournalPosition {
  /** Bytes before it. */
  readonly offset: number;
  readonly sequence: number;
}

export const journalStart: JournalPosition = { offset: 0, sequence: 1 };

/** Why reading ended before the end of the file. */
export interface JournalProblem {
  readonly offset: number;
  readonly sequence: number;
  readonly reason: string;
}

export interface JournalPart {
  readonly records: readonly JournalRecord[];
  /** After the last good record. */
  readonly position: JournalPosition;
  /** Intact records that this version does not know. */
  readonly unknown: number;
  readonly problem?: JournalProblem;
}

const newline = 0x0a;

export function encodeRecord(sequence: number, record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${sequence} ${checksum(`${sequence} ${json}`)} ${json}\n`;
}

/** The intact records at the beginning of `bytes`, which stand at `from` in the file. */
export function decodeRecords(bytes: Uint8Array, from: JournalPosition): JournalPart {
  const records: JournalRecord[] = [];
  let unknown = 0;
  let { sequence } = from;
  let start = 0;
  const part = (reason?: string): JournalPart => {
    const position = { offset: from.offset + start, sequence };
    return { records, position, unknown, ...(reason === undefined ? {} : { problem: { ...position, reason } }) };
  };

  while (start < bytes.length) {
    const end = bytes.indexOf(newline, start);
    if (end === -1) return part('the record has no end');
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const [, number, sum, json] = /^(\d+) ([0-9a-f]{8}) (.*)$/s.exec(line) ?? [];
    if (number === undefined || sum === undefined || json === undefined) return part('the line is not a record');
    if (number !== String(sequence)) return part(`the record has number ${number.slice(0, 20)} instead of ${sequence}`);
    if (sum !== checksum(Buffer.from(`${number} ${json}`, 'latin1'))) return part("the record's checksum does not fit its content");
    const record = parseRecord(Buffer.from(json, 'latin1').toString('utf8'));
    if (record === undefined) unknown++;
    else records.push(record);
    sequence++;
    start = end + 1;
  }
  return part();
}

function parseRecord(json: string): JournalRecord | undefined {
  try {
    return journalRecordSchema.safeParse(renewed(JSON.parse(json))).data;
  } catch {
    return undefined;
  }
}

/** Before there was a second experiment, results named the score after that of images. */
function renewed(record: unknown): unknown {
  if (typeof record !== 'object' || record === null || !('relativeError' in record)) return record;
  const { relativeError: score, ...others } = record;
  return { ...others, score };
}

function checksum(content: string | Buffer): string {
  return crc32(content).toString(16).padStart(8, '0');
}
