import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodePng } from '../../core/files/png.ts';
import { choosePictures, listPictures, writePicture } from './pictures.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'engram-pictures-')), 'pictures');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const grey = (level: number) => ({ width: 1, height: 1, channels: 1 as const, pixels: Uint8Array.of(level) });

it('are listed in the order of their iterations, and are none without a folder', async () => {
  expect(listPictures(folder)).toEqual([]);
  for (const iteration of [2000, 100, 1_000_000_000]) await writePicture(folder, iteration, grey(1));
  writeFileSync(join(folder, 'notes.png'), '');
  expect(listPictures(folder)).toEqual([
    { iteration: 100, file: 'pictures/000000100.png' },
    { iteration: 2000, file: 'pictures/000002000.png' },
    { iteration: 1_000_000_000, file: 'pictures/1000000000.png' },
  ]);
});

it('take the place of those that a run which goes back drew before', async () => {
  await writePicture(folder, 100, grey(1));
  await writePicture(folder, 100, grey(200));
  expect(readFileSync(join(folder, '000000100.png')).equals(encodePng(grey(200)))).toBe(true);
});

it('stay few: the newest twelve and the first of each mark, whenever one looks', async () => {
  for (let iteration = 100; iteration <= 4000; iteration += 100) {
    await writePicture(folder, iteration, grey(iteration % 256));
    const all = Array.from({ length: iteration / 100 }, (_, index) => 100 * (index + 1));
    expect(listPictures(folder).map((picture) => picture.iteration)).toEqual(choosePictures(all));
  }
  expect(listPictures(folder).map(({ iteration }) => iteration)).toEqual([
    ...[100, 200, 500, 1000, 2000],
    ...Array.from({ length: 12 }, (_, index) => 2900 + 100 * index),
  ]);
});

it('leave nothing behind of a trainer that was killed while it wrote', async () => {
  await writePicture(folder, 1, grey(1));
  writeFileSync(join(folder, '000000002.png.99-1.unfinished'), 'half');
  await writePicture(folder, 3, grey(1));
  expect(readdirSync(folder).sort()).toEqual(['000000001.png', '000000003.png']);
});
