/** Zip files read in memory, as far as .npz needs them: stored or deflated; no zip64, no encryption, no folders. */
import { crc32, inflateRawSync } from 'node:zlib';
import { InputError } from '../contract/errors.ts';
import { centralBytes, endBytes, localBytes, memberLimit, zipLimit, type ZipMember } from './zip-write.ts';

const maximumCommentBytes = 0xffff;
/** Encrypted; sizes behind the data are fine, since those of the directory are read; patches; strong encryption; hidden headers. */
const refusedFlags = 0x0001 | 0x0020 | 0x0040 | 0x2000;

/**
 * Every member, inflated and checked.
 * @throws InputError `npz-…` when the file breaks any rule of the format.
 */
export function decodeZip(bytes: Uint8Array): ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const [count, directoryBytes, directory] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (count === memberLimit || directory === zipLimit) fail('zip64', 'it is a zip64 file, which cannot be read');
  if (directory + directoryBytes > end)
    fail('directory', `its directory ends at byte ${directory + directoryBytes}, behind the ${end} before its end`);
  const entries: DirectoryEntry[] = [];
  for (let at = directory, index = 0; index < count; index++) {
    const entry = readDirectoryEntry(view, at, directory + directoryBytes);
    at += entry.bytes;
    entries.push(entry);
  }

  const members = entries.map((entry) => ({ ...entry, ...findContent(view, entry, directory) }));
  const inFileOrder = members.toSorted((a, b) => a.start - b.start);
  for (const [index, { start, name }] of inFileOrder.entries())
    if (index > 0 && start < inFileOrder[index - 1]!.end) fail('overlap', `member ${JSON.stringify(name)} begins within the one before it`);
  return members.map((member) => ({ name: member.name, content: readContent(bytes, member) }));
}

interface DirectoryEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly contentBytes: number;
  /** Where its local header stands. */
  readonly start: number;
  /** Length of the entry itself. */
  readonly bytes: number;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - endBytes - maximumCommentBytes);
  for (let at = view.byteLength - endBytes; at >= first; at--) {
    if (view.getUint32(at, true) === 0x06054b50 && at + endBytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return fail('format', 'it is not a zip file, or is cut short: its directory is missing');
}

function readDirectoryEntry(view: DataView, at: number, limit: number): DirectoryEntry {
  if (at + centralBytes > limit || view.getUint32(at, true) !== 0x02014b50) fail('directory', `its directory has no entry at byte ${at}`);
  const nameBytes = view.getUint16(at + 28, true);
  const bytes = centralBytes + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (at + bytes > limit) fail('directory', `its directory ends within the entry at byte ${at}`);
  const name = Buffer.from(view.buffer, view.byteOffset + at + centralBytes, nameBytes).toString('utf8');
  const entry = {
    name,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    contentBytes: view.getUint32(at + 24, true),
    start: view.getUint32(at + 42, true),
    bytes,
  };
  const quoted = JSON.stringify(name);
  if ((view.getUint16(at + 8, true) & refusedFlags) !== 0) fail('encrypted', `member ${quoted} is encrypted`);
  if (entry.method !== 0 && entry.method !== 8)
    fail('method', `member ${quoted} is compressed by method ${entry.method}; 0 and 8 can be read`);
  if (entry.packedBytes === zipLimit || entry.contentBytes === zipLimit || entry.start === zipLimit)
    fail('zip64', `member ${quoted} has its sizes in zip64 fields, which cannot be read`);
  return entry;
}

/** Where the packed content ends and begins, of which the directory says only where the header before it stands. */
function findContent(view: DataView, { name, start, packedBytes }: DirectoryEntry, limit: number): { contentStart: number; end: number } {
  const quoted = JSON.stringify(name);
  if (start + localBytes > limit || view.getUint32(start, true) !== 0x04034b50)
    fail('member', `member ${quoted} does not begin at byte ${start}`);
  const contentStart = start + localBytes + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  const end = contentStart + packedBytes;
  if (end > limit) fail('truncated', `member ${quoted} ends at byte ${end}, behind the ${limit} before the directory`);
  return { contentStart, end };
}

function readContent(bytes: Uint8Array, member: DirectoryEntry & { contentStart: number; end: number }): Uint8Array {
  const { name, method, contentBytes, crc, contentStart, end } = member;
  const packed = bytes.subarray(contentStart, end);
  const content = method === 0 ? packed : inflate(name, packed, contentBytes);
  if (content.length !== contentBytes) fail('size', `member ${JSON.stringify(name)} has ${content.length} bytes, not ${contentBytes}`);
  if (crc32(content) !== crc) fail('checksum', `the checksum of member ${JSON.stringify(name)} does not fit its content`);
  return content;
}

function inflate(name: string, packed: Uint8Array, contentBytes: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, contentBytes) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError('npz-inflate', `not a valid npz file: member ${JSON.stringify(name)} cannot be inflated (${reason})`, {
      cause: error,
    });
  }
}

function fail(rule: string, sentence: string): never {
  throw new InputError(`npz-${rule}`, `not a valid npz file: ${sentence}`);
}
