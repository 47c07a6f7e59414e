import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';
import { drawSamples } from './draw-samples.ts';
import { decodeImage } from './image-decoding.ts';
import { importDataset } from './import-dataset.ts';
import { binaryFiles, omniglotFiles, pictureFiles, writeFiles } from './test-support/sources.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'engram-samples-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;

function take(source: string): Promise<DatasetDescription> {
  return importDataset({ source, mode: 'in-place', to: join(folder, 'taken'), signal, onProgress: () => {} });
}

const draw = (description: DatasetDescription) => drawSamples({ description, to: join(folder, 'samples'), signal });

describe('drawSamples', () => {
  it('draws the images of a folder by class, beside an index', async () => {
    const description = await take(writeFiles(join(folder, 'pets'), pictureFiles));
    const index = await draw(description);
    expect(index).toMatchObject({
      sha256: description.sha256,
      groups: ['cats', 'dogs'],
      samples: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
      sheets: ['000.png'],
    });
    const sheet = await decodeImage(readFileSync(join(folder, 'samples/000.png')), 'the sheet');
    expect([sheet.width, sheet.height]).toEqual([10 * index.side, index.side]);
    expect(JSON.parse(readFileSync(join(folder, 'samples/samples.json'), 'utf8'))).toEqual(index);
  });

  it('measures the grey values of all images', async () => {
    const { pixels } = await draw(await take('photographs'));
    expect(pixels.mean).toBeGreaterThan(0.2);
    expect(pixels.mean).toBeLessThan(0.8);
    expect(pixels.deviation).toBeGreaterThan(0.05);
    expect(pixels.deviation).toBeLessThan(0.5);
  });

  it('draws CIFAR-10 in colour and characters as ink on paper', async () => {
    const cifar = await draw(await take(writeFiles(join(folder, 'cifar'), binaryFiles)));
    expect(cifar.samples).toHaveLength(15);
    rmSync(join(folder, 'taken'), { recursive: true });
    const characters = await draw(await take(writeFiles(join(folder, 'omniglot'), omniglotFiles)));
    expect(characters.groups).toEqual(['Greek/character01', 'Greek/character02', 'Tagalog/character01']);
    expect(characters.samples).toHaveLength(60);
    expect(characters.pixels.mean).toBeGreaterThan(0.9);
  });

  it('refuses what is no longer what was imported, and leaves nothing', async () => {
    const path = writeFiles(join(folder, 'pets'), pictureFiles);
    const description = await take(path);
    rmSync(join(path, 'cats/0.png'));
    await expect(draw(description)).rejects.toMatchObject({ code: 'dataset-changed' });
    rmSync(path, { recursive: true });
    await expect(draw(description)).rejects.toMatchObject({ code: 'dataset-missing' });
    expect(existsSync(join(folder, 'samples'))).toBe(false);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('ends when it is cancelled', async () => {
    const description = await take(writeFiles(join(folder, 'pets'), pictureFiles));
    const cancelled = AbortSignal.abort(new Error('cancelled'));
    await expect(drawSamples({ description, to: join(folder, 'samples'), signal: cancelled })).rejects.toThrow('cancelled');
    expect(existsSync(join(folder, 'samples'))).toBe(false);
  });
});
