import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GreyImages } from '../../core/data/grey-images.ts';
import { binaryBatch, pickledBatch, sampleBatch } from '../../core/data/test-pickles.ts';
import { openImageDataset } from './open-image-dataset.ts';
import { readTarArchive, type ArchiveLimits } from './tar-archive.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'engram-datasets-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, Uint8Array>>;

const binaryFiles: Files = {
  'data_batch_1.bin': binaryBatch(sampleBatch(6, 1)),
  'data_batch_2.bin': binaryBatch(sampleBatch(4, 2)),
  'test_batch.bin': binaryBatch(sampleBatch(3, 3)),
};
const pythonFiles: Files = {
  data_batch_1: pickledBatch(sampleBatch(6, 1), 'python-2'),
  data_batch_2: pickledBatch(sampleBatch(4, 2), 'python-3'),
  test_batch: pickledBatch(sampleBatch(3, 3), 'python-3'),
};

async function writeFolder(name: string, files: Files): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(path, file), bytes);
  return path;
}

async function tarOf(entries: readonly (Partial<tar.Header> & { name: string; content?: Uint8Array })[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { content = new Uint8Array(0), ...header } of entries) pack.entry(header, Buffer.from(content));
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

const entriesOf = (files: Files, prefix = 'cifar/') => Object.entries(files).map(([name, content]) => ({ name: prefix + name, content }));

async function writeArchive(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const counts = (blocks: readonly GreyImages[]) => blocks.map(({ count }) => count);
const total = (blocks: readonly GreyImages[]) => counts(blocks).reduce((a, b) => a + b, 0);
const refusal = (code: string) => expect.objectContaining({ kind: 'input', code }) as Error;
const refuses = async (path: string, code: string, sentence: string | RegExp = '') => {
  await expect(openImageDataset(path)).rejects.toThrow(refusal(code));
  await expect(openImageDataset(path)).rejects.toThrow(sentence);
};

/** Grey noise as a picture of this size; the seed makes it different. */
function picture(seed: number, width = 40, height = 36): ReturnType<typeof sharp> {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (Math.imul(at + 1, 2654435761) >>> (seed % 24)) & 0xff);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

describe('photographs', () => {
  it('are six for training and two others for evaluation, the same each time', async () => {
    const dataset = await openImageDataset(undefined);
    expect([dataset.name, dataset.format, total(dataset.training), total(dataset.evaluation)]).toEqual([
      'photographs',
      'photographs',
      6,
      2,
    ]);
    expect(dataset.note).toContain('CC0');
    for (const { width, height, pixels } of [...dataset.training, ...dataset.evaluation]) {
      expect(pixels.length).toBe(width * height);
      expect(pixels.reduce((a, b) => Math.max(a, b))).toBeGreaterThan(380);
    }
    expect((await openImageDataset(undefined)).sha256).toBe(dataset.sha256);
  });
});

describe('CIFAR-10', () => {
  it('gives the same images from the folder, the one above it and the archive, binary or Python', async () => {
    const binary = await openImageDataset(await writeFolder('above/cifar-10-batches-bin', binaryFiles));
    expect([binary.format, counts(binary.training), counts(binary.evaluation)]).toEqual(['cifar-10-binary', [6, 4], [3]]);
    expect(binary.evaluation[0]!.pixels.length).toBe(3 * 1024);
    const above = await openImageDataset(join(folder, 'above'));
    const archive = await openImageDataset(await writeArchive('c.tar.gz', gzipSync(await tarOf(entriesOf(binaryFiles).reverse()))));
    const plain = await openImageDataset(await writeArchive('c.tar', await tarOf(entriesOf(binaryFiles, './'))));
    for (const other of [above, archive, plain]) expect(other).toEqual({ ...binary, name: other.name });

    const python = await openImageDataset(await writeFolder('python', pythonFiles));
    expect([python.format, python.training, python.evaluation]).toEqual(['cifar-10-python', binary.training, binary.evaluation]);
    const pythonArchive = await openImageDataset(await writeArchive('p.tgz', gzipSync(await tarOf(entriesOf(pythonFiles)))));
    expect([pythonArchive.training, pythonArchive.sha256]).toEqual([python.training, python.sha256]);
  });

  it('tells the versions apart by content, not by name', async () => {
    const path = await writeFolder('misnamed', {
      'data_batch_1.bin': pythonFiles['data_batch_1']!,
      test_batch: pythonFiles['test_batch']!,
    });
    expect((await openImageDataset(path)).format).toBe('cifar-10-python');
  });

  it('holds out the last tenth where test_batch is absent, and says so', async () => {
    const path = await writeFolder('c', {
      'data_batch_1.bin': binaryBatch(sampleBatch(20, 1)),
      'data_batch_2.bin': binaryBatch(sampleBatch(1, 2)),
    });
    const { training, evaluation, note } = await openImageDataset(path);
    expect([counts(training), counts(evaluation)]).toEqual([[19], [1, 1]]);
    expect(note).toContain('test_batch is absent');
    await refuses(await writeFolder('one', { 'data_batch_1.bin': binaryBatch(sampleBatch(1)) }), 'dataset-too-small');
  });

  it('leaves evaluation images out that are training images too', async () => {
    const batch = sampleBatch(5, 1);
    const testImages = { labels: [0, 1, 2], data: Uint8Array.from([...batch.data.subarray(3072, 6144), ...sampleBatch(2, 9).data]) };
    const path = await writeFolder('c', { 'data_batch_1.bin': binaryBatch(batch), 'test_batch.bin': binaryBatch(testImages) });
    const { evaluation, note } = await openImageDataset(path);
    expect(counts(evaluation)).toEqual([2]);
    expect(note).toContain('1 evaluation images that are training images too left out');
    await refuses(
      await writeFolder('d', { 'data_batch_1.bin': binaryBatch(batch), 'test_batch.bin': binaryBatch(batch) }),
      'dataset-overlap',
    );
  });

  it('has a hash that tells contents apart', async () => {
    const first = await openImageDataset(await writeFolder('a', binaryFiles));
    const second = await openImageDataset(await writeFolder('b', { ...binaryFiles, 'test_batch.bin': binaryBatch(sampleBatch(3, 4)) }));
    expect(first.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(second.sha256).not.toBe(first.sha256);
  });

  it('refuses damaged folders with the file, the rule and the value', async () => {
    const batch = binaryFiles['data_batch_1.bin']!;
    await refuses(
      await writeFolder('cut', { 'data_batch_1.bin': batch.subarray(0, 5000) }),
      'dataset-record-size',
      /data_batch_1\.bin has 5000 bytes/,
    );
    await refuses(await writeFolder('empty-file', { 'data_batch_1.bin': new Uint8Array(0) }), 'dataset-truncated', 'is empty');
    await refuses(await writeFolder('test-only', { 'test_batch.bin': batch }), 'dataset-format', 'no training batch');
    await refuses(await writeFolder('both', { ...binaryFiles, ...pythonFiles }), 'dataset-ambiguous', 'data_batch_1 twice');
    await refuses(
      await writeFolder('mixed', { 'data_batch_1.bin': batch, test_batch: pythonFiles['test_batch']! }),
      'dataset-ambiguous',
      'mixes',
    );
    await refuses(
      await writeFolder('cut-pickle', { data_batch_1: pythonFiles['data_batch_1']!.subarray(0, 9000) }),
      'dataset-truncated',
      'cut short',
    );
    const hostile = Uint8Array.from(Buffer.from('\x80\x02cposix\nsystem\nU\x04true\x85R.', 'latin1'));
    await refuses(await writeFolder('hostile', { data_batch_1: hostile }), 'dataset-pickle', 'posix.system');
  });

  it('refuses CIFAR-100', async () => {
    await refuses(
      await writeFolder('up/cifar-100-binary', { 'train.bin': new Uint8Array(3074), 'test.bin': new Uint8Array(3074) }),
      'dataset-cifar-100',
    );
    await refuses(join(folder, 'up'), 'dataset-cifar-100');
    await refuses(await writeFolder('renamed', { 'data_batch_1.bin': new Uint8Array(3074) }), 'dataset-cifar-100');
    const fine = pickledBatch({ ...sampleBatch(2), labelsKey: 'fine_labels' }, 'python-2');
    await refuses(await writeFolder('renamed-python', { data_batch_1: fine }), 'dataset-cifar-100');
    const archive = await tarOf(entriesOf({ train: fine, test: fine, meta: fine }, 'cifar-100-python/'));
    await refuses(await writeArchive('cifar-100-python.tar.gz', gzipSync(archive)), 'dataset-cifar-100');
  });
});

describe('archives', () => {
  it('refuses what is no archive, and says what it is', async () => {
    await refuses(await writeArchive('a.tar.gz', Buffer.from('PK\x03\x04 and so on')), 'dataset-format', 'a zip archive');
    await refuses(await writeArchive('b.tar.gz', Buffer.from('Hello')), 'dataset-format', 'a file of another kind');
    await refuses(await writeArchive('c.tar.gz', new Uint8Array(0)), 'dataset-format', 'is empty');
    await refuses(await writeArchive('d.tar.gz', gzipSync(Buffer.alloc(2000, 'text '))), 'dataset-format', 'holds no tar archive');
    await refuses(
      await writeArchive('e.tar.gz', gzipSync(await tarOf([{ name: 'readme.txt', content: Buffer.from('hi') }]))),
      'dataset-format',
      'no training batch',
    );
  });

  it('refuses truncated and damaged ones', async () => {
    const whole = await tarOf(entriesOf(binaryFiles));
    const compressed = gzipSync(whole);
    const damaged = Uint8Array.from(compressed);
    // In gzip's checksum: every image still looks right.
    damaged[damaged.length - 6]! ^= 1;
    await refuses(await writeArchive('cut.tar.gz', compressed.subarray(0, compressed.length - 400)), 'dataset-truncated', 'cut short');
    await refuses(await writeArchive('cut-tar.tar.gz', gzipSync(whole.subarray(0, 10_000))), 'dataset-truncated', 'cut short');
    await refuses(await writeArchive('damaged.tar.gz', damaged), 'dataset-corrupted', 'damaged');
    const wrongHeader = Buffer.from(whole);
    wrongHeader[512 + 18_944] = 0x7a;
    await refuses(await writeArchive('header.tar', wrongHeader), 'dataset-corrupted', 'damaged after 1 entries');
  });

  it.each([
    ['../data_batch_1.bin', {}],
    ['cifar/../../data_batch_1.bin', {}],
    ['/tmp/data_batch_1.bin', {}],
    ['C:\\data_batch_1.bin', {}],
    ['cifar\\..\\data_batch_1.bin', {}],
    ['cifar/data_batch_1.bin', { type: 'symlink', linkname: '/etc/passwd' }],
    ['cifar/data_batch_1.bin', { type: 'link', linkname: '../secret' }],
    ['cifar/data_batch_1.bin', { type: 'fifo' }],
  ] as const)('refuses an entry %s %o', async (name, header) => {
    const hostile = await tarOf([...entriesOf(binaryFiles), { name, ...header }]);
    await refuses(await writeArchive('climbs.tar.gz', gzipSync(hostile)), 'dataset-archive-path', JSON.stringify(name));
    expect(await readdir(folder)).toEqual(['climbs.tar.gz']);
  });

  it('refuses ones that inflate without end', async () => {
    const header = (await tarOf([{ name: 'zeros', content: new Uint8Array(0) }])).subarray(0, 512);
    header.write('77777777777\0', 124);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((a, b) => a + b)
        .toString(8)
        .padStart(6, '0')}\0`,
      148,
    );
    await refuses(await writeArchive('claims.tar.gz', gzipSync(header)), 'dataset-too-large', 'more than 256 MB');

    const zeros = await writeArchive(
      'zeros.tar.gz',
      gzipSync(await tarOf([1, 2, 3].map((at) => ({ name: `${at}`, content: new Uint8Array(500_000) })))),
    );
    const read = (limits: Partial<ArchiveLimits>) =>
      readTarArchive(zeros, () => Promise.resolve(), { limits: { totalBytes: 2e6, entryBytes: 1e6, entries: 3, ...limits } });
    await expect(read({})).resolves.toBeUndefined();
    await expect(read({ totalBytes: 2 ** 20 })).rejects.toThrow('inflates to more than 1 MB');
    await expect(read({ entryBytes: 400_000 })).rejects.toThrow(refusal('dataset-too-large'));
    await expect(read({ entries: 2 })).rejects.toThrow('has more than 2 entries');
  });
});

describe('a folder of images', () => {
  async function writePictures(name: string, count: number): Promise<string> {
    const files: Record<string, Uint8Array> = {};
    for (let seed = 0; seed < count; seed++) {
      files[`${seed}.${seed % 2 === 0 ? 'png' : 'jpg'}`] = await (seed % 2 === 0 ? picture(seed).png() : picture(seed).jpeg()).toBuffer();
    }
    return writeFolder(name, files);
  }

  it('is divided by content: neither names nor order nor depth matter', async () => {
    const path = await writePictures('p', 12);
    const dataset = await openImageDataset(path);
    expect([dataset.format, total(dataset.training) + total(dataset.evaluation)]).toEqual(['image-folder', 12]);
    expect(total(dataset.evaluation)).toBeGreaterThanOrEqual(1);
    await mkdir(join(path, 'below'));
    for (let seed = 0; seed < 12; seed += 2) await rename(join(path, `${seed}.png`), join(path, 'below', `${99 - seed}.PNG`));
    expect(await openImageDataset(path)).toEqual(dataset);
  });

  it('sums the channels: grey, transparent and 16-bit images too', async () => {
    const flat = (background: string) => sharp({ create: { width: 32, height: 32, channels: background.length > 7 ? 4 : 3, background } });
    await writeFolder('p', {
      'colour.png': await flat('#0a1428').png().toBuffer(),
      'clear.png': await flat('#ffffff80').png().toBuffer(),
      'grey.png': await flat('#333333').toColourspace('b-w').png().toBuffer(),
      'deep.png': await flat('#646464').toColourspace('rgb16').png().toBuffer(),
      'deep-grey.png': await flat('#141414').toColourspace('grey16').png().toBuffer(),
    });
    const { training, evaluation } = await openImageDataset(join(folder, 'p'));
    const values = [...training, ...evaluation].flatMap(({ count, pixels }) => {
      const perImage = Array.from({ length: count }, (_, index) => new Set(pixels.subarray(index * 1024, (index + 1) * 1024)));
      return perImage.map((distinct) => (distinct.size === 1 ? [...distinct][0]! : -1));
    });
    expect(values.sort((a, b) => a - b)).toEqual([3 * 20, 10 + 20 + 40, 3 * 51, 3 * 100, 3 * 128]);
  });

  it('makes a block for each size', async () => {
    const path = await writePictures('p', 6);
    await writeFile(join(path, 'wide.png'), await picture(20, 64, 32).png().toBuffer());
    const { training, evaluation } = await openImageDataset(path);
    const sizes = new Set([...training, ...evaluation].map(({ width, height }) => `${width}×${height}`));
    expect(sizes).toEqual(new Set(['40×36', '64×32']));
    expect(training.length).toBeLessThanOrEqual(2);
  });

  it('leaves out small ones, copies, hidden files and what links lead to', async () => {
    const path = await writePictures('p', 5);
    await writeFile(join(path, 'small.png'), await picture(1, 31, 40).png().toBuffer());
    await cp(join(path, '0.png'), join(path, 'again.png'));
    await writeFile(join(path, 'saved-otherwise.png'), await sharp(join(path, '0.png')).png({ compressionLevel: 0 }).toBuffer());
    await writeFile(join(path, '.hidden.png'), 'no picture');
    await writeFile(join(path, 'notes.txt'), 'no picture');
    await symlink('/dev/zero', join(path, 'endless.png'));
    await symlink(path, join(path, 'loop'));
    const { training, evaluation, note } = await openImageDataset(path);
    expect(total(training) + total(evaluation)).toBe(5);
    expect(note).toContain('(1 smaller than 32×32 left out, 2 copies left out)');
  });

  it('refuses what cannot serve', async () => {
    await refuses(join(folder, 'nowhere'), 'dataset-missing', 'does not exist');
    await refuses(join(folder, 'no\0where'), 'dataset-missing');
    await refuses('/dev/null', 'dataset-format', 'neither a file nor a folder');
    await refuses(await writeFolder('empty', {}), 'dataset-empty', 'empty folder');
    await refuses(
      await writeFolder('others', { 'a.txt': new Uint8Array(3), 'cifar.tar.gz': new Uint8Array(3) }),
      'dataset-empty',
      'holds the archive cifar.tar.gz',
    );
    await refuses(await writePictures('few', 3), 'dataset-too-small', 'holds 3 usable images');
    const path = await writePictures('p', 5);
    await writeFile(join(path, 'liar.png'), 'GIF89a');
    await refuses(path, 'dataset-image', /liar\.png is neither a PNG nor a JPEG/);
    await writeFile(join(path, 'liar.png'), (await picture(8).jpeg().toBuffer()).subarray(0, 400));
    await refuses(path, 'dataset-image', /cannot decode .*liar\.png/);
  });
});

describe('real files', () => {
  const samples = process.env['ENGRAM_SAMPLES'];
  const sample = (file: string) => {
    const path = join(samples ?? '', file);
    const absent = samples === undefined || !existsSync(path);
    return { path, title: `${file}${absent ? ' (skipped: ENGRAM_SAMPLES names no folder that holds it)' : ''}`, absent };
  };

  const binary = sample('cifar-10-binary.tar.gz');
  it.skipIf(binary.absent)(binary.title, async () => {
    const { format, training, evaluation, name } = await openImageDataset(binary.path);
    expect([name, format, counts(training), counts(evaluation)]).toEqual([basename(binary.path), 'cifar-10-binary', [10_000], [2000]]);
    const pixels = training[0]!.pixels;
    const mean = pixels.reduce((a, b) => a + b, 0) / pixels.length;
    // The channels' means over CIFAR-10 are 125, 123 and 114.
    expect(Math.abs(mean - 362)).toBeLessThan(6);
  });

  const python = sample('cifar-10-python-mini.tar.gz');
  it.skipIf(python.absent)(python.title, async () => {
    const { format, training, evaluation } = await openImageDataset(python.path);
    expect([format, counts(training), counts(evaluation)]).toEqual(['cifar-10-python', [200], [50]]);
  });

  const zip = sample('images_background_small1.zip');
  it.skipIf(zip.absent)(`${zip.title}: refused`, () => refuses(zip.path, 'dataset-format', 'a zip archive'));
});
