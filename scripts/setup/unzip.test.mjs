import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unzip } from './unzip.mjs';

/** @type {string} */ let folder;
/** @type {string} */ let target;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'engram-unzip-'));
  target = path.join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * A zip archive of the given entries, written to a file.
 * @param {{name: string, text: string, stored?: boolean, statedBytes?: number}[]} entries
 */
function archiveOf(entries) {
  const locals = [];
  const directory = [];
  let offset = 0;
  for (const { name, text, stored = false, statedBytes } of entries) {
    const data = stored ? Buffer.from(text) : deflateRawSync(text);
    const common = Buffer.alloc(22);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(statedBytes ?? Buffer.byteLength(text), 18);
    const nameLength = Buffer.from([name.length, 0]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameLength, Buffer.from([3, 0]), Buffer.from(`${name}xyz`), data]);
    const place = Buffer.alloc(4);
    place.writeUInt32LE(offset);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\0\0'), common, nameLength, Buffer.alloc(12), place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  const file = path.join(folder, 'archive.zip');
  writeFileSync(file, Buffer.concat([...locals, central, end]));
  return file;
}

/** @param {string} name */
const keepAll = (name) => name;

test('chosen entries land at their new places, the others nowhere', async () => {
  const archive = archiveOf([
    { name: 'a/lib.so', text: 'library '.repeat(10_000) },
    { name: 'a/readme', text: 'no' },
    { name: 'a/', text: '', stored: true },
    { name: 'a/plain.h', text: 'header', stored: true },
    { name: 'a/empty.h', text: '', stored: true },
  ]);
  const count = await unzip(archive, target, (name) => (name.endsWith('readme') ? null : name.replace('a/', 'b/')));
  expect(count).toBe(3);
  expect(readFileSync(path.join(target, 'b/lib.so'), 'utf8')).toBe('library '.repeat(10_000));
  expect(readdirSync(path.join(target, 'b')).sort()).toEqual(['empty.h', 'lib.so', 'plain.h']);
});

test.each(['../evil', 'a/../../evil', '/tmp/engram-evil', 'a/..'])('an entry that would land outside (%s) is refused', async (name) => {
  await expect(unzip(archiveOf([{ name, text: 'x' }]), target, keepAll)).rejects.toThrow('outside its folder');
  expect(existsSync(path.join(folder, 'evil'))).toBe(false);
  expect(existsSync('/tmp/engram-evil')).toBe(false);
});

test('an entry that inflates beyond its stated size is stopped', async () => {
  const archive = archiveOf([{ name: 'bomb', text: '0'.repeat(5_000_000), statedBytes: 100 }]);
  await expect(unzip(archive, target, keepAll)).rejects.toThrow('inflates beyond its stated size');
});

test('an entry that is shorter than stated is refused', async () => {
  const archive = archiveOf([{ name: 'short', text: 'abc', statedBytes: 100 }]);
  await expect(unzip(archive, target, keepAll)).rejects.toThrow('short has 3 of 100 bytes');
});

test('a truncated archive is refused wherever it ends', async () => {
  const archive = archiveOf([{ name: 'file', text: 'text '.repeat(100) }]);
  const whole = readFileSync(archive);
  for (let length = 0; length < whole.length; length += 7) {
    writeFileSync(archive, whole.subarray(0, length));
    await expect(unzip(archive, target, keepAll)).rejects.toThrow(/damaged/);
  }
});
