import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { datasetDescriptionSchema, type DatasetDescription } from '../../core/contract/dataset-description.ts';
import { decodeImage } from './image-decoding.ts';
import { importDataset, thumbnailsName, type ImportRequest } from './import-dataset.ts';
import type { ImportProgress } from './import-progress.ts';
import {
  binaryFiles,
  cifar10Archive,
  omniglotFiles,
  pictureFiles,
  pictureOf,
  pythonFiles,
  writeFiles,
  zipOfFiles,
} from './test-support/sources.ts';
import { removeUnfinishedImports, unfinishedSuffix } from './unfinished-imports.ts';

let folder: string;
let lab: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-imports-'));
  lab = join(folder, 'datasets');
  mkdirSync(lab);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const take = (source: string, options: Partial<ImportRequest> = {}): Promise<DatasetDescription> =>
  importDataset({ source, mode: 'copy', to: join(lab, 'one'), signal: new AbortController().signal, onProgress: () => {}, ...options });
const filesBelow = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name)).isFile())
    .sort();
const source = (name: string, bytes: Uint8Array) => join(writeFiles(folder, { [name]: bytes }), name);
const names = (classes: DatasetDescription['classes']) => classes.map(({ name, images }) => `${name} ${images}`);

interface Kind {
  readonly write: () => string | Promise<string>;
  /** Relative to the source, where it is not the source itself that is opened. */
  readonly opened?: string;
  /** What a copy takes along. */
  readonly files: readonly string[];
  readonly about: object;
  readonly classes: readonly string[];
}

const classesOfTen = ['plane 3', 'car 3', 'bird 3', 'cat 2', 'deer 2', 'dog 1', 'frog 1', 'horse 0', 'ship 0', 'truck 0'];
const usualNames = ['airplane 3', 'automobile 3', 'bird 3', 'cat 2', 'deer 2', 'dog 1', 'frog 1', 'horse 0', 'ship 0', 'truck 0'];
const cifar = { images: 15, imageWidth: 32, imageHeight: 32, channels: 3, trainingImages: 12, evaluationImages: 3 };
const binary = { ...cifar, format: 'cifar-10-binary', licence: expect.stringContaining('Krizhevsky') };
const python = { ...cifar, format: 'cifar-10-python', licence: expect.stringContaining('Krizhevsky') };
const omniglot = {
  format: 'omniglot',
  images: 60,
  imageWidth: 105,
  imageHeight: 105,
  channels: 1,
  trainingImages: null,
  evaluationImages: null,
  licence: expect.stringContaining('MIT'),
};
const characters = ['Greek/character01 20', 'Greek/character02 20', 'Tagalog/character01 20'];
const binaryNames = ['batches.meta.txt', 'data_batch_1.bin', 'data_batch_2.bin', 'test_batch.bin'];
const drawingNames = Object.keys(omniglotFiles).sort();

const kinds: Readonly<Record<string, Kind>> = {
  'the archive of CIFAR-10, binary version': {
    write: async () => source('cifar.tar.gz', await cifar10Archive(binaryFiles)),
    files: [''],
    about: binary,
    classes: classesOfTen,
  },
  'the folder of CIFAR-10, binary version': {
    write: () => join(writeFiles(folder, binaryFiles), 'cifar-10-batches-bin'),
    files: binaryNames,
    about: binary,
    classes: classesOfTen,
  },
  'the folder above CIFAR-10, binary version': {
    write: () => writeFiles(join(folder, 'above'), binaryFiles),
    opened: 'cifar-10-batches-bin',
    files: binaryNames,
    about: binary,
    classes: classesOfTen,
  },
  'the archive of CIFAR-10, Python version': {
    write: async () => source('cifar.tar.gz', await cifar10Archive(pythonFiles)),
    files: [''],
    about: python,
    classes: usualNames,
  },
  'the folder of CIFAR-10, Python version': {
    write: () => join(writeFiles(folder, pythonFiles), 'cifar-10-batches-py'),
    files: ['data_batch_1', 'data_batch_2', 'test_batch'],
    about: python,
    classes: usualNames,
  },
  'a zip of Omniglot': {
    write: () => source('images_background.zip', zipOfFiles(omniglotFiles, 'images_background/')),
    files: [''],
    about: omniglot,
    classes: characters,
  },
  'a folder of zips of Omniglot that share an alphabet, and other zips': {
    write: () => {
      const greek = Object.fromEntries(Object.entries(omniglotFiles).filter(([name]) => name.startsWith('Greek')));
      return writeFiles(join(folder, 'zips'), {
        'images_background_small1.zip': zipOfFiles(omniglotFiles, 'images_background_small1/'),
        'images_background_small2.zip': zipOfFiles(greek, 'images_background_small2/'),
        'strokes.zip': zipOfFiles({ 'strokes/one.txt': Buffer.from('1,2') }),
        'damaged-and-empty.txt': new Uint8Array(0),
      });
    },
    files: ['images_background_small1.zip', 'images_background_small2.zip'],
    about: { ...omniglot, note: expect.stringContaining('40 drawings that occur twice counted once') },
    classes: characters,
  },
  'an extracted set of Omniglot': {
    write: () => writeFiles(join(folder, 'images_background'), { ...omniglotFiles, 'readme.md': Buffer.from('about') }),
    files: drawingNames,
    about: omniglot,
    classes: characters,
  },
  'the folder above extracted sets of Omniglot': {
    write: () => {
      const inSets = Object.entries(omniglotFiles).map(([name, bytes]) => [
        `${name.startsWith('Greek') ? 'background' : 'evaluation'}/${name}`,
        bytes,
      ]);
      return writeFiles(join(folder, 'omniglot'), Object.fromEntries(inSets) as typeof omniglotFiles);
    },
    files: drawingNames.map((name) => `${name.startsWith('Greek') ? 'background' : 'evaluation'}/${name}`),
    about: omniglot,
    classes: characters,
  },
  'a folder of images with a folder for each class': {
    write: () =>
      writeFiles(join(folder, 'pictures'), { ...pictureFiles, 'notes.txt': Buffer.from('ours'), '.hidden.png': new Uint8Array(3) }),
    files: Object.keys(pictureFiles),
    about: {
      format: 'image-folder',
      images: 10,
      imageWidth: 40,
      imageHeight: 40,
      channels: 1,
      licence: expect.stringContaining('Not known'),
    },
    classes: ['cats 6', 'dogs 4'],
  },
};

describe.each(Object.entries(kinds))('%s', (_name, { write, opened = '', files, about, classes }) => {
  it('is described, and copied or used in place', async () => {
    const path = await write();
    const copied = await take(path);
    const inPlace = await take(path, { mode: 'in-place', to: join(lab, 'two') });
    for (const description of [copied, inPlace]) {
      expect(datasetDescriptionSchema.parse(description)).toEqual(description);
      expect(description).toMatchObject(about);
      expect(names(description.classes)).toEqual(classes);
    }
    const original = join(path, opened);
    expect(inPlace).toEqual({ ...copied, path: original, fingerprint: expect.any(String) });
    expect(filesBelow(join(lab, 'two'))).toEqual([thumbnailsName]);

    expect(relative(join(lab, 'one', 'data'), copied.path!)).not.toMatch(/^\.\./);
    const expected = files.map((name) => join(relative(join(lab, 'one'), copied.path!), name).replace(/\/$/, ''));
    expect(filesBelow(join(lab, 'one'))).toEqual([...expected, thumbnailsName].sort());
    for (const name of files) expect(readFileSync(join(copied.path!, name))).toEqual(readFileSync(join(original, name)));
    expect(copied.sizeBytes).toBe(files.reduce((sum, name) => sum + statSync(join(original, name)).size, 0));
    expect(readdirSync(lab).sort()).toEqual(['one', 'two']);

    // What was copied is the same data set again.
    expect((await take(copied.path!, { mode: 'in-place', to: join(lab, 'three') })).sha256).toBe(copied.sha256);
  });

  it('gets a sheet of samples', async () => {
    await take(await write());
    const sheet = await decodeImage(readFileSync(join(lab, 'one', thumbnailsName)), 'the sheet');
    expect([sheet.width, sheet.height % 64]).toEqual([640, 0]);
    // The first and the last sample are not empty paper.
    const cell = (left: number, top: number) =>
      new Set(Array.from({ length: 64 * 64 }, (_, at) => sheet.pixels[(top + (at >> 6)) * sheet.width + left + (at & 63)]));
    expect(cell(0, 0).size).toBeGreaterThan(1);
  });
});

describe('the same content', () => {
  it('has the same hash wherever it lies, and another one when an image differs', async () => {
    let number = 0;
    const hashOf = async (path: string) => (await take(path, { mode: 'in-place', to: join(lab, String(++number)) })).sha256;
    const write = (name: string) => kinds[name]!.write();
    const cifarHash = await hashOf(await write('the archive of CIFAR-10, binary version'));
    expect(await hashOf(await write('the folder above CIFAR-10, binary version'))).toBe(cifarHash);
    const drawn = await hashOf(await write('a zip of Omniglot'));
    for (const name of [
      'a folder of zips of Omniglot that share an alphabet, and other zips',
      'the folder above extracted sets of Omniglot',
    ])
      expect(await hashOf(await write(name))).toBe(drawn);

    const changed = { ...omniglotFiles, 'Greek/character01/0001_01.png': omniglotFiles['Greek/character02/0002_01.png']! };
    expect(await hashOf(source('other.zip', zipOfFiles(changed)))).not.toBe(drawn);
  });
});

describe('what comes with Engram', () => {
  it.each([
    ['photographs', { format: 'photographs', images: 8, channels: 3, trainingImages: 6, evaluationImages: 2, classes: [] }],
    ['characters', { format: 'characters', images: 32_000, channels: 1, imageWidth: 105, trainingImages: null }],
  ])('%s: is described as the others, and never copied', async (name, about) => {
    const description = await take(name);
    expect(datasetDescriptionSchema.parse(description)).toMatchObject({ ...about, name, path: null });
    expect(filesBelow(join(lab, 'one'))).toEqual([thumbnailsName]);
  });
});

describe('progress', () => {
  it('goes through the phases, each from nothing to all of it', async () => {
    const seen: ImportProgress[] = [];
    const { sizeBytes } = await take(await kinds['a zip of Omniglot']!.write(), { onProgress: (progress) => seen.push(progress) });
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['reading', 'copying', 'thumbnails']);
    for (const phase of ['reading', 'copying', 'thumbnails']) {
      const ofPhase = seen.filter((progress) => progress.phase === phase);
      const done = ofPhase.map((progress) => progress.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      expect(done[0]).toBe(0);
      expect(new Set(ofPhase.map(({ total }) => total)).size).toBe(1);
    }
    expect(seen.findLast(({ phase }) => phase === 'copying')).toEqual({ phase: 'copying', done: sizeBytes, total: sizeBytes });
    expect(seen.at(-1)).toEqual({ phase: 'thumbnails', done: 60, total: 60 });
  });
});

describe('an import that is cancelled', () => {
  it.each(['reading', 'copying', 'thumbnails'].flatMap((phase) => Object.keys(kinds).map((kind) => [phase, kind] as const)))(
    'while %s %s leaves nothing',
    async (phase, kind) => {
      const path = await kinds[kind]!.write();
      const before = filesBelow(folder);
      const controller = new AbortController();
      const reached: string[] = [];
      const onProgress = (progress: ImportProgress) => {
        reached.push(progress.phase);
        if (progress.phase === phase) controller.abort();
      };
      await expect(take(path, { signal: controller.signal, onProgress })).rejects.toMatchObject({ name: 'AbortError' });
      expect(reached).toContain(phase);
      expect(filesBelow(folder)).toEqual(before);
      expect(readdirSync(lab)).toEqual([]);
    },
  );

  it('before it began does nothing', async () => {
    await expect(take('photographs', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(lab)).toEqual([]);
  });
});

describe('an import that is killed', () => {
  it('leaves what the next start clears away, and nothing else', () => {
    writeFiles(lab, { [`a${unfinishedSuffix}/data/1.png`]: pictureOf(1), 'b/data/1.png': pictureOf(1) });
    expect(removeUnfinishedImports(lab)).toEqual([`a${unfinishedSuffix}`]);
    expect(readdirSync(lab)).toEqual(['b']);
    expect(removeUnfinishedImports(join(lab, 'nowhere'))).toEqual([]);
  });
});

describe('what cannot be imported', () => {
  const refuses = async (path: string, code: string, sentence: string | RegExp = '') => {
    for (const mode of ['copy', 'in-place'] as const) {
      const taking = take(path, { mode });
      await expect(taking).rejects.toMatchObject({ kind: 'input', code });
      await expect(taking).rejects.toThrow(sentence);
    }
    expect(readdirSync(lab)).toEqual([]);
  };
  const omniglotZip = zipOfFiles(omniglotFiles);
  const without = (files: typeof omniglotFiles, name: string) =>
    Object.fromEntries(Object.entries(files).filter(([each]) => each !== name));

  it('is refused when nothing is there, or it is no file', async () => {
    await refuses(join(folder, 'nowhere'), 'dataset-missing', `"${join(folder, 'nowhere')}" does not exist`);
    await refuses(join(folder, 'a\0b'), 'dataset-missing');
    await refuses('/dev/null', 'dataset-format', 'neither a file nor a folder');
  });

  it('is refused when it is empty', async () => {
    mkdirSync(join(folder, 'empty'));
    await refuses(join(folder, 'empty'), 'dataset-empty', 'is an empty folder');
    await refuses(source('empty.zip', new Uint8Array(0)), 'dataset-format', 'is empty');
    await refuses(source('no-entries.zip', zipOfFiles({})), 'dataset-format', 'a zip archive');
  });

  it.each([0.02, 0.4, 0.9, 0.999])('is refused when %d of it are there', async (share) => {
    const cut = (bytes: Uint8Array) => bytes.subarray(0, Math.floor(bytes.length * share));
    await refuses(source('cut.zip', cut(omniglotZip)), 'dataset-truncated', 'cut short');
    await refuses(source('cut.tar.gz', cut(await cifar10Archive(binaryFiles))), 'dataset-truncated', 'cut short');
    const batch = binaryFiles['cifar-10-batches-bin/data_batch_1.bin']!;
    await refuses(writeFiles(join(folder, 'cut'), { 'data_batch_1.bin': cut(batch) }), 'dataset-record-size');
    // The last twelve bytes of a PNG only say that it has ended.
    const picture = pictureOf(9).subarray(0, -12);
    const pictures = { ...pictureFiles, 'dogs/9.png': cut(picture) };
    await refuses(writeFiles(join(folder, 'cut-pictures'), pictures), 'dataset-image', 'dogs/9.png');
    const drawing = omniglotFiles['Greek/character01/0001_01.png']!;
    await refuses(
      writeFiles(join(folder, 'cut-drawings'), { ...omniglotFiles, 'Greek/character01/0001_01.png': cut(drawing) }),
      'dataset-image',
      'Greek/character01/0001_01.png',
    );
  });

  it('is refused when it is something else', async () => {
    await refuses(source('notes.txt', Buffer.from('hello')), 'dataset-format', 'a file of another kind');
    await refuses(source('other.zip', zipOfFiles({ 'a/b/c.png': pictureOf(1) })), 'dataset-format', 'without drawings of Omniglot');
    await refuses(source('bad.zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)])), 'dataset-truncated');
    await refuses(writeFiles(join(folder, 'few'), { '1.png': pictureOf(1) }), 'dataset-too-small', '1 usable images');
  });

  it('is refused when Omniglot is incomplete or contradicts itself', async () => {
    const missing = without(omniglotFiles, 'Greek/character02/0002_05.png');
    await refuses(source('incomplete.zip', zipOfFiles(missing)), 'dataset-incomplete', 'Greek/character02 has 19 drawings');
    await refuses(writeFiles(join(folder, 'incomplete'), missing), 'dataset-incomplete', 'Greek/character02 has 19 drawings');
    const other = { ...omniglotFiles, 'Greek/character01/0001_01.png': omniglotFiles['Greek/character02/0002_01.png']! };
    const both = { '1.zip': omniglotZip, '2.zip': zipOfFiles(other) };
    await refuses(writeFiles(join(folder, 'both'), both), 'dataset-ambiguous', 'two different drawings');
    await refuses(
      writeFiles(join(folder, 'one-damaged'), { '1.zip': omniglotZip, '2.zip': omniglotZip.subarray(0, 4000) }),
      'dataset-truncated',
      '2.zip is cut short',
    );
  });

  it('is refused when it changes or goes while it is read', async () => {
    const path = writeFiles(join(folder, 'pictures'), pictureFiles);
    for (const mode of ['copy', 'in-place'] as const) {
      const changing = take(path, {
        mode,
        onProgress: ({ phase }) => phase === 'thumbnails' && appendFileSync(join(path, 'cats/1.png'), 'x'),
      });
      await expect(changing).rejects.toMatchObject({ kind: 'input', code: 'dataset-changed' });
      const going = take(path, {
        mode,
        onProgress: ({ phase }) => phase === 'thumbnails' && rmSync(path, { recursive: true, force: true }),
      });
      await expect(going).rejects.toMatchObject({ kind: 'input', code: 'dataset-missing' });
      writeFiles(path, pictureFiles);
    }
    expect(readdirSync(lab)).toEqual([]);
  });

  it('says so where the lab itself cannot be written', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    await expect(take('photographs', { to: join(folder, 'a-file', 'one') })).rejects.toMatchObject({
      kind: 'failure',
      code: 'import-unwritable',
    });
    expect(existsSync(join(folder, 'a-file'))).toBe(true);
  });
});
