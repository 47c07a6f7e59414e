import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { binaryBatch, sampleBatch } from '../../core/data/test-pickles.ts';
import { checkDataset } from './check-dataset.ts';
import { importDataset } from './import-dataset.ts';
import { binaryFiles, omniglotFiles, pictureFiles, pictureOf, writeFiles, zipOfFiles } from './test-support/sources.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'engram-checks-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const take = (source: string, mode: 'copy' | 'in-place' = 'in-place') =>
  importDataset({ source, mode, to: join(folder, 'taken'), signal: new AbortController().signal, onProgress: () => {} });
/** Another time, as after a copy. */
const touch = (path: string) => utimesSync(path, 1, 1);

const sources = {
  'a folder of images': { write: () => writeFiles(join(folder, 'pictures'), pictureFiles), file: 'cats/1.png', other: pictureOf(99) },
  'CIFAR-10': {
    write: () => join(writeFiles(folder, binaryFiles), 'cifar-10-batches-bin'),
    file: 'data_batch_1.bin',
    other: binaryBatch(sampleBatch(7, 9)),
  },
  'a zip of Omniglot': {
    write: () => join(writeFiles(folder, { 'o.zip': zipOfFiles(omniglotFiles) }), 'o.zip'),
    file: '',
    other: zipOfFiles({ ...omniglotFiles, 'Greek/character01/0001_01.png': omniglotFiles['Greek/character02/0002_01.png']! }),
  },
  'an extracted set of Omniglot': {
    write: () => writeFiles(join(folder, 'set'), omniglotFiles),
    file: 'Greek/character01/0001_01.png',
    other: omniglotFiles['Greek/character02/0002_01.png']!,
  },
};

describe.each(Object.entries(sources))('%s', (_name, { write, file, other }) => {
  it.each(['copy', 'in-place'] as const)('(%s) is known again, also when its files have other times', async (mode) => {
    const description = await take(write(), mode);
    expect(await checkDataset(description)).toBe('unchanged');
    touch(join(description.path!, file));
    expect(await checkDataset(description)).toBe('unchanged');
  });

  it('is noticed when a file has other contents of the same size or another', async () => {
    const description = await take(write());
    const path = join(description.path!, file);
    writeFileSync(path, other);
    expect(await checkDataset(description)).toEqual({ changed: expect.stringContaining('is no longer what was imported') });
    writeFileSync(path, other.subarray(0, Math.floor(other.length / 2)));
    expect(await checkDataset(description)).toEqual({ changed: expect.stringContaining('is no longer what was imported: ') });
  });

  it('is noticed when it has gone', async () => {
    const description = await take(write());
    renameSync(description.path!, `${description.path!}-away`);
    expect(await checkDataset(description)).toEqual({ missing: `the data set "${description.path!}" does not exist` });
  });
});

describe('a data set', () => {
  it('is noticed when a file came or went', async () => {
    const path = writeFiles(join(folder, 'pictures'), pictureFiles);
    const description = await take(path);
    writeFiles(path, { 'cats/new.png': pictureOf(50) });
    expect(await checkDataset(description)).toHaveProperty('changed');
    rmSync(join(path, 'cats/new.png'));
    expect(await checkDataset(description)).toBe('unchanged');
    rmSync(join(path, 'cats/1.png'));
    expect(await checkDataset(description)).toHaveProperty('changed');
  });

  it('is not another one when a file was added that is no part of it', async () => {
    const path = writeFiles(join(folder, 'pictures'), pictureFiles);
    const description = await take(path);
    writeFiles(path, { 'cats/notes.txt': Buffer.from('ours') });
    expect(await checkDataset(description)).toBe('unchanged');
  });

  it('is noticed when another one lies in its place', async () => {
    const path = writeFiles(join(folder, 'pictures'), pictureFiles);
    const description = await take(path);
    rmSync(path, { recursive: true });
    writeFiles(path, omniglotFiles);
    expect(await checkDataset(description)).toHaveProperty('changed');
    rmSync(path, { recursive: true });
    mkdirSync(path);
    expect(await checkDataset(description)).toEqual({ changed: expect.stringContaining('is an empty folder') });
  });

  it.each(['photographs', 'characters'])('that comes with Engram is known again: %s', async (name) => {
    const description = await take(name);
    expect(await checkDataset(description)).toBe('unchanged');
    expect(await checkDataset({ ...description, fingerprint: 'of an earlier installation' })).toBe('unchanged');
    expect(await checkDataset({ ...description, fingerprint: '', sha256: '0'.repeat(64) })).toHaveProperty('changed');
  });

  it('is not looked at any further when nobody wants to know any more', async () => {
    const path = writeFiles(join(folder, 'pictures'), pictureFiles);
    const description = await take(path);
    appendFileSync(join(path, 'cats/1.png'), 'x');
    await expect(checkDataset(description, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
