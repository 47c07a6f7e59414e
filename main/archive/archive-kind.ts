/** Whether a file can be a run archive, told by its first bytes; and if not, what it is. */
import { open, stat } from 'node:fs/promises';
import { archiveSuffix } from '../../core/contract/archive-manifest.ts';
import { InputError } from '../../core/contract/errors.ts';

/** A browser may have unpacked the compression on the way. */
export type ArchiveCompression = 'gzip' | 'none';

const otherKinds: readonly (readonly [magic: string, name: string])[] = [
  ['PK', 'a zip archive'],
  ['BZh', 'a bzip2 file'],
  ['\xfd7zXZ', 'an xz file'],
  ['\x28\xb5\x2f\xfd', 'a zstd file'],
  ['SQLite format 3', 'an SQLite database'],
  ['\x89PNG', 'a PNG picture'],
  ['\x93NUMPY', 'a NumPy array'],
];

/** @throws InputError `archive-unreadable`, or `archive-format` saying what it is. */
export async function detectCompression(from: string): Promise<ArchiveCompression> {
  const start = await readStart(from);
  const text = start.toString('latin1');
  if (text.startsWith('\x1f\x8b')) return 'gzip';
  if (text.slice(257, 262) === 'ustar') return 'none';
  const kind = start.length === 0 ? 'empty' : (otherKinds.find(([magic]) => text.startsWith(magic))?.[1] ?? 'a file of another kind');
  throw new InputError('archive-format', `${from} is ${kind}, not a run archive (${archiveSuffix})`);
}

async function readStart(from: string): Promise<Buffer> {
  try {
    // A pipe would be waited for without end.
    const info = await stat(from);
    if (!info.isFile() && !info.isDirectory()) throw new InputError('archive-unreadable', `${from} is neither a file nor a folder`);
    const file = await open(from);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' }[code] ?? code;
    throw new InputError('archive-unreadable', `${from} cannot be read: ${reason}`, { cause: error });
  }
}
