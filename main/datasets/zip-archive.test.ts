import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf, type ZippedFile } from './test-support/zips.ts';
import { readZipArchive, type ZipLimits } from './zip-archive.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'engram-zips-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (bytes: Uint8Array): string => {
  const path = join(folder, 'a.zip');
  writeFileSync(path, bytes);
  return path;
};
const limits: ZipLimits = { fileBytes: 2 ** 20, entries: 5, inflatedBytes: 20_000, ratio: 100 };

/** Everything in it. */
async function contentsOf(bytes: Uint8Array, within: ZipLimits = limits): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  await readZipArchive(
    write(bytes),
    async (entry) => {
      contents[entry.path] = Buffer.from(await entry.read()).toString('latin1');
      return undefined;
    },
    within,
  );
  expect(readdirSync(folder)).toEqual(['a.zip']);
  return contents;
}

const refuses = async (bytes: Uint8Array, code: string, sentence: string | RegExp, within = limits) => {
  const reading = contentsOf(bytes, within);
  await expect(reading).rejects.toMatchObject({ kind: 'input', code });
  await expect(reading).rejects.toThrow(sentence);
};
const file = (name: string, text = 'text'): ZippedFile => ({ name, content: Buffer.from(text) });
/** Bytes that deflate cannot make shorter. */
const noise = (length: number) => Uint8Array.from({ length }, (_, at) => (Math.imul(at + 1, 2_654_435_761) >>> 13) & 0xff);

describe('a zip archive', () => {
  it('gives its files in their order, stored or deflated', async () => {
    const files = [
      file('b/1.txt', 'one'),
      { ...file('a.txt', 'stored'), method: 0 },
      { name: 'b/' },
      { name: 'empty', method: 0 },
      file('ü.txt', 'x'),
    ];
    // Bit 11: the name is UTF-8.
    const bytes = zipOf(files.map((each) => ({ ...each, flags: 0x800 })));
    expect(Object.entries(await contentsOf(bytes))).toEqual([
      ['b/1.txt', 'one'],
      ['a.txt', 'stored'],
      ['empty', ''],
      ['ü.txt', 'x'],
    ]);
  });

  it('is read no further than asked for, and only what is asked for', async () => {
    const seen: string[] = [];
    const bytes = zipOf([{ ...file('damaged'), claims: { crc: 1 } }, file('b'), file('c')]);
    await readZipArchive(write(bytes), ({ path, sizeBytes }) => {
      seen.push(path);
      expect(sizeBytes).toBe(deflateRawSync('text').length);
      return Promise.resolve(path === 'b' ? 'stop' : undefined);
    });
    expect(seen).toEqual(['damaged', 'b']);
  });

  it.each(['../out', 'a/../../out', '/etc/passwd', 'C:/out', 'C:out', 'a\\..\\..\\out', '\\\\server\\out', '..\\out', 'a/..'])(
    'is refused for an entry called %s',
    async (name) => {
      await refuses(zipOf([file('good'), file(name)]), 'dataset-archive-path', 'leads out of the archive');
    },
  );

  it('is refused for a link', async () => {
    await refuses(zipOf([{ ...file('link', '../../etc/passwd'), mode: 0o120777 }]), 'dataset-archive-path', '"link", that is a link');
  });

  it('is refused when it is encrypted, or packed in an unusual way', async () => {
    await refuses(zipOf([{ ...file('secret'), flags: 1 }]), 'dataset-encrypted', '"secret"');
    await refuses(zipOf([{ ...file('lzma'), method: 14 }]), 'dataset-format', '"lzma" is compressed by method 14');
  });

  it('is refused when an entry is not what the directory says', async () => {
    await refuses(zipOf([{ ...file('a'), claims: { crc: 7 } }]), 'dataset-corrupted', '"a" is not what');
    await refuses(zipOf([{ ...file('a', 'longer than claimed'), claims: { uncompressedSize: 3 } }]), 'dataset-corrupted', 'is damaged');
    await refuses(zipOf([{ ...file('a', 'short'), claims: { uncompressedSize: 300 } }]), 'dataset-corrupted', 'is damaged');
    await refuses(zipOf([{ ...file('a'), method: 0, claims: { uncompressedSize: 300 } }]), 'dataset-corrupted', 'is damaged');
  });

  it('is refused when it is cut short, has a hole, or is none', async () => {
    const bytes = zipOf([file('a', 'x'.repeat(1000)), { name: 'b', content: noise(3000) }]);
    await refuses(bytes.subarray(0, bytes.length - 1), 'dataset-truncated', 'cut short');
    await refuses(bytes.subarray(0, 100), 'dataset-truncated', 'cut short');
    const holed = Buffer.concat([bytes.subarray(0, 500), bytes.subarray(600)]);
    await refuses(holed, 'dataset-corrupted', 'is damaged');
    await refuses(Buffer.from('PK'), 'dataset-truncated', 'cut short');
    await refuses(Buffer.from('Rar!'), 'dataset-format', 'no zip archive');
    await refuses(new Uint8Array(0), 'dataset-format', 'is empty');
  });
});

describe('a zip bomb', () => {
  it('that inflates a hundred times over is not inflated', async () => {
    await refuses(
      zipOf([{ name: 'zeros', content: new Uint8Array(15_000) }]),
      'dataset-too-large',
      '"zeros", that inflates to more than 100 times',
    );
  });

  it('that claims to be small is given up at what it claims', async () => {
    const zeros: ZippedFile = { name: 'zeros', content: new Uint8Array(50 * 2 ** 20), claims: { uncompressedSize: 100 } };
    const before = process.memoryUsage.rss();
    await refuses(zipOf([zeros]), 'dataset-corrupted', 'is damaged', { ...limits, fileBytes: 2 ** 30 });
    expect(process.memoryUsage.rss() - before).toBeLessThan(40 * 2 ** 20);
  });

  it('of many files is given up when they are too much together', async () => {
    const files = Array.from({ length: 5 }, (_, at) => ({ name: `${at}`, content: noise(5000) }));
    await refuses(zipOf(files), 'dataset-too-large', 'inflates to more than 20000 bytes');
    expect(Object.keys(await contentsOf(zipOf(files.slice(0, 4))))).toHaveLength(4);
  });

  it('of entries that lie one upon the other counts each of them', async () => {
    const one = zipOf([{ name: 'a', content: noise(9000) }]);
    const directoryAt = one.length - 22 - 47;
    const entry = one.subarray(directoryAt, directoryAt + 47);
    const end = Buffer.from(one.subarray(-22));
    end.writeUInt16LE(3, 8);
    end.writeUInt16LE(3, 10);
    end.writeUInt32LE(3 * 47, 12);
    await refuses(Buffer.concat([one.subarray(0, directoryAt), entry, entry, entry, end]), 'dataset-too-large', 'inflates to more than');
  });

  it('with too many entries, or too long, is not begun', async () => {
    await refuses(zipOf(Array.from({ length: 6 }, (_, at) => file(`${at}`))), 'dataset-too-large', 'has 6 entries, more than 5');
    await refuses(zipOf([file('a')]), 'dataset-too-large', 'bytes, more than 50', { ...limits, fileBytes: 50 });
  });
});
