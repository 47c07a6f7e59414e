// Reads chosen files out of a zip archive (a Python wheel is one) into a folder, without any program or package.

import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const endRecordSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endRecordBytes = 22;
const longestCommentBytes = 0xffff;
const methodStored = 0;
const methodDeflated = 8;

/** @typedef {{name: string, method: number, compressedBytes: number, bytes: number, localOffset: number}} ZipEntry */

/**
 * Writes the entries that `keep` gives a path to below `folder`, in archive order.
 * @param {string} archive
 * @param {string} folder
 * @param {(entry: string) => string | null} keep
 * @returns {Promise<number>} how many files were written
 * @throws {Error} when the archive is damaged, or an entry would land outside the folder or inflates beyond its stated size
 */
export async function unzip(archive, folder, keep) {
  const file = await open(archive);
  try {
    let count = 0;
    for (const entry of await readCentralDirectory(file)) {
      const place = entry.name.endsWith('/') ? null : keep(entry.name);
      if (place === null) continue;
      await extract(archive, entry, await findData(file, entry), placeBelow(folder, place));
      count++;
    }
    return count;
  } finally {
    await file.close();
  }
}

/**
 * @param {string} folder
 * @param {string} place
 */
function placeBelow(folder, place) {
  const target = path.resolve(folder, place);
  if (!target.startsWith(path.resolve(folder) + path.sep)) throw new Error(`the archive names a file outside its folder: ${place}`);
  return target;
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @returns {Promise<ZipEntry[]>}
 */
async function readCentralDirectory(file) {
  const { size } = await file.stat();
  const tail = await readAt(
    file,
    Math.max(0, size - endRecordBytes - longestCommentBytes),
    Math.min(size, endRecordBytes + longestCommentBytes),
  );
  let end = tail.length - endRecordBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endRecordSignature) end--;
  if (end < 0) throw new Error('the archive is damaged: it has no end record');
  const count = tail.readUInt16LE(end + 10);
  const directoryBytes = tail.readUInt32LE(end + 12);
  const directoryOffset = tail.readUInt32LE(end + 16);
  if (count === 0xffff || directoryOffset === 0xffffffff) throw new Error('the archive is of the 64-bit kind, which is not supported');
  return parseCentralDirectory(await readAt(file, directoryOffset, directoryBytes), count);
}

/**
 * @param {Buffer} directory
 * @param {number} count
 * @returns {ZipEntry[]}
 */
function parseCentralDirectory(directory, count) {
  const entries = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== centralSignature) {
      throw new Error('the archive is damaged: its directory ends early');
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      localOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Where the entry's data begins: the local header repeats the name and may carry another extra field.
 * @param {import('node:fs/promises').FileHandle} file
 * @param {ZipEntry} entry
 */
async function findData(file, entry) {
  const header = await readAt(file, entry.localOffset, 30);
  if (header.readUInt32LE(0) !== localSignature) throw new Error(`the archive is damaged at ${entry.name}`);
  return entry.localOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/**
 * @param {string} archive
 * @param {ZipEntry} entry
 * @param {number} start
 * @param {string} target
 */
async function extract(archive, entry, start, target) {
  if (entry.method !== methodStored && entry.method !== methodDeflated)
    throw new Error(`the archive packs ${entry.name} in an unknown way`);
  mkdirSync(path.dirname(target), { recursive: true });
  let written = 0;
  const guard = new Transform({
    transform(/** @type {Buffer} */ chunk, _encoding, done) {
      written += chunk.length;
      done(written > entry.bytes ? new Error(`${entry.name} inflates beyond its stated size`) : null, chunk);
    },
  });
  const end = start + entry.compressedBytes - 1;
  const source = entry.compressedBytes === 0 ? Readable.from([]) : createReadStream(archive, { start, end, highWaterMark: 1 << 20 });
  const unpacker = entry.method === methodStored ? new PassThrough() : createInflateRaw({ chunkSize: 1 << 20 });
  await pipeline(source, unpacker, guard, createWriteStream(target));
  if (written !== entry.bytes) throw new Error(`the archive is damaged: ${entry.name} has ${written} of ${entry.bytes} bytes`);
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} position
 * @param {number} length
 */
async function readAt(file, position, length) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the archive is damaged: it ends early');
  return buffer;
}
