/** Thousands of damaged archives and pictures: each gives a well-formed data set or a clear error, and nothing is written. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngramError } from '../../core/contract/errors.ts';
import { binaryBatch, pickledBatch, sampleBatch } from '../../core/data/test-pickles.ts';
import { mutations } from '../../core/files/mutations.ts';
import { findDataset } from './find-dataset.ts';
import { decodeImage } from './image-decoding.ts';
import { openImageDataset } from './open-image-dataset.ts';
import { unfollowed } from './reading.ts';
import { alphabetFiles } from './test-support/drawings.ts';
import { tarOf } from './test-support/sources.ts';
import { zipOf } from './test-support/zips.ts';

let folder: string;
let archive: string;
let zip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engram-damaged-'));
  archive = join(folder, 'damaged.tar.gz');
  zip = join(folder, 'damaged.zip');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function checkArchive(bytes: Uint8Array): Promise<void> {
  await writeFile(archive, bytes);
  try {
    const { training, evaluation } = await openImageDataset(archive);
    for (const { count, pixels } of [...training, ...evaluation]) expect(pixels.length).toBe(count * 1024);
  } catch (error) {
    expect(error).toBeInstanceOf(EngramError);
  }
}

/** One character. */
const drawings = alphabetFiles('Greek', 1);

/** Whether it is still the one character. */
async function checkOmniglot(bytes: Uint8Array): Promise<boolean> {
  await writeFile(zip, bytes);
  try {
    const { about, groups } = await (await findDataset(zip)).read(unfollowed);
    expect(about).toMatchObject({ format: 'omniglot', images: 20, classes: [{ images: 20 }] });
    expect(groups.map(({ count }) => count)).toEqual([20]);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(EngramError);
    return false;
  }
}

describe('damaged files', () => {
  it.each([
    ['binary', { 'c/data_batch_1.bin': binaryBatch(sampleBatch(2)), 'c/test_batch.bin': binaryBatch(sampleBatch(1, 5)) }],
    ['Python', { 'c/data_batch_1': pickledBatch(sampleBatch(2), 'python-3'), 'c/test_batch': pickledBatch(sampleBatch(1, 5), 'python-2') }],
  ])('archives of the %s version', { timeout: 60_000 }, async (_version, files) => {
    const whole = await tarOf(files);
    const compressed = gzipSync(whole);
    const mutated = fc.tuple(mutations(), fc.constantFrom('compressed', 'inside'));
    await fc.assert(
      fc.asyncProperty(mutated, ([mutate, where]) =>
        checkArchive(where === 'compressed' ? mutate(compressed) : gzipSync(mutate(whole), { level: 1 })),
      ),
      { numRuns: 1000 },
    );
    expect(await readdir(folder)).toEqual(['damaged.tar.gz']);
  });

  it.each([8, 0])('zips of Omniglot, method %d', { timeout: 60_000 }, async (method) => {
    const whole = zipOf(drawings.map((file) => ({ ...file, method })));
    const tally = { good: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(mutations(), async (mutate) => {
        tally[(await checkOmniglot(mutate(whole))) ? 'good' : 'refused']++;
      }),
      { numRuns: 1500 },
    );
    // Dates and the like may change.
    expect(Math.min(tally.good, tally.refused)).toBeGreaterThan(0);
  });

  it('drawings within a zip that is as it should be', { timeout: 60_000 }, async () => {
    const which = fc.nat(drawings.length - 1);
    await fc.assert(
      fc.asyncProperty(mutations(), which, async (mutate, damaged) => {
        const files = drawings.map((file, at) => (at === damaged ? { ...file, content: mutate(file.content) } : file));
        await checkOmniglot(zipOf(files));
      }),
      { numRuns: 500 },
    );
    expect((await readdir(folder)).toSorted()).toEqual(['damaged.tar.gz', 'damaged.zip']);
  });

  it.each(['png', 'jpeg'] as const)('%s pictures', { timeout: 60_000 }, async (format) => {
    const pixels = Uint8Array.from({ length: 40 * 34 * 3 }, (_, at) => (at * 7) % 251);
    const file = await sharp(pixels, { raw: { width: 40, height: 34, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    await fc.assert(
      fc.asyncProperty(mutations(), async (mutate) => {
        try {
          const image = await decodeImage(mutate(file), 'picture');
          expect(image.pixels.length).toBe(image.width * image.height);
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
