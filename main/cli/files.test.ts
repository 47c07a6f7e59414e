import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../core/contract/api/lab.ts';
import { decodeSafetensors } from '../../core/files/safetensors.ts';
import { createLab, parseEvents, type Lab } from '../trainer/test-support/lab.ts';
import { speakTo, type Speech } from './test-support/speak.ts';

let [lab, other]: Lab[] = [];
let [say, sayOther]: Speech[] = [];
let ids: string[];

beforeAll(async () => {
  [lab, other] = [createLab(), createLab()];
  [say, sayOther] = [speakTo(lab), speakTo(other)];
  const train = ['train', 'images', '--episodes', '6', '--set', 'learningRate=0.01', '--tag', 'kept', '--seeds', '1..2', '--json'];
  ids = parseEvents((await lab.run(train)).stdout).flatMap(({ event, run }) => (event === 'done' ? [String(run)] : []));
  expect(ids).toHaveLength(2);
});
afterAll(() => Promise.all([lab!.remove(), other!.remove()]));

describe('export', () => {
  it('writes metrics of one run, or of several into one file', async () => {
    const to = join(lab!.data, 'out');
    const csv = join(to, `${ids[0]}.csv`);
    expect(await say!.json('export', ids[0]!, '--metrics', 'csv', '--to', to)).toEqual({ event: 'exported', runs: [ids[0]], files: [csv] });
    expect(readFileSync(csv, 'utf8').split('\n')[0]!.split(',')).toEqual(expect.arrayContaining(['iteration', 'loss']));
    const both = join(to, 'both.jsonl');
    expect(await say!.text('export', ...ids, '--metrics', 'jsonl', '--to', both)).toBe(`${both}\n`);
    expect(readFileSync(both, 'utf8').trimEnd().split('\n')).toHaveLength(12);
    expect(await say!.json('export', ...ids, '--metrics', 'jsonl', '--to', to)).toMatchObject({ files: [join(to, 'metrics.jsonl')] });
  });

  it('writes parameters of several runs, and as npz', async () => {
    const to = join(lab!.data, 'parameters');
    const files = ids.map((id) => join(to, `${id}.safetensors`));
    expect(await say!.json('export', ...ids, '--to', to)).toEqual({ event: 'exported', runs: ids, files });
    expect(Object.keys(decodeSafetensors(readFileSync(files[0]!)).arrays)).toContain('w');
    const npz = join(to, `${ids[1]}.npz`);
    expect(await say!.text('export', ids[1]!, '--format', 'npz', '--to', to)).toBe(`${npz}\n`);
    expect(readFileSync(npz).subarray(0, 2).toString()).toBe('PK');
  });
});

describe('a run archive', () => {
  it('takes a run to another lab, once', async () => {
    const file = join(lab!.data, 'run.engram.tar.gz');
    await say!.json('export', ids[0]!, '--archive', file);
    expect(await sayOther!.json('import', file)).toEqual({ event: 'imported', run: ids[0] });
    const [here, there] = await Promise.all([say!, sayOther!].map((lab) => lab.json<Record<string, unknown>>('show', ids[0]!)));
    for (const key of ['spec', 'tags', 'status', 'loss', 'iteration', 'checkpoints']) expect(there![key]).toEqual(here![key]);
    expect(await sayOther!.json('metrics', ids[0]!, 'loss')).toEqual(await say!.json('metrics', ids[0]!, 'loss'));
    expect(await sayOther!.refused('import', file)).toMatchObject({ message: expect.stringContaining(`run ${ids[0]} is here already`) });
  });

  it('of several runs is a folder of archives', async () => {
    const folder = join(lab!.data, 'archives');
    const { files } = await say!.json<{ files: string[] }>('export', ...ids, '--archive', folder);
    expect(files).toEqual(ids.map((id) => join(folder, `${id}.engram.tar.gz`)));
    expect(await sayOther!.text('import', files[1]!)).toBe(`run ${ids[1]}\nshow   npm start -- show ${ids[1]}\n`);
  });

  it('must be one', async () => {
    const file = join(lab!.data, 'not-one');
    writeFileSync(file, 'text');
    expect(await say!.refused('import', file)).toMatchObject({ message: expect.stringContaining(file) });
    expect(await say!.refused('import', lab!.data)).toMatchObject({ message: expect.stringContaining('it is a folder') });
  });
});

describe('data sets', () => {
  it('are added, named, shown and taken away', async () => {
    const folder = join(lab!.data, 'drawings');
    for (const name of ['cats', 'dogs']) {
      mkdirSync(join(folder, name), { recursive: true });
      for (let shade = 0; shade < 6; shade++) {
        const background = { r: shade * 40, g: 0, b: name === 'cats' ? 0 : 255 };
        await sharp({ create: { width: 40, height: 40, channels: 3, background } })
          .png()
          .toFile(join(folder, name, `${name}-${shade}.png`));
      }
    }
    const added = await say!.json<Dataset>('datasets', 'add', folder, '--in-place');
    expect(added).toMatchObject({ name: 'drawings', place: 'in-place', description: { images: 12, path: folder } });
    const copy = await say!.text('datasets', 'add', folder, '--name', 'copy');
    expect(copy).toMatch(/^data set {2}copy \(\w+\)\nformat {4}image-folder, 12 images, 40×40 colour, /);
    expect(copy).toMatch(/\nclasses {3}2: cats, dogs\n/);
    expect(await say!.refused('datasets', 'add', folder, '--name', 'copy')).toMatchObject({ code: 'dataset-name-taken' });

    const names = ['characters', 'copy', 'drawings', 'photographs'];
    expect((await say!.json<Dataset[]>('datasets')).map(({ name }) => name)).toEqual(names);
    expect((await say!.text('datasets', 'list')).split('\n').map((line) => line.split(' ')[0])).toEqual(['name', ...names, '']);
    expect(await say!.json('datasets', 'show', added.id)).toEqual(added);
    expect(await say!.refused('datasets', 'show', 'drawing')).toMatchObject({
      message: expect.stringContaining('did you mean "drawings"?'),
    });

    expect(await say!.json('datasets', 'rm', 'drawings')).toEqual({ freedBytes: expect.any(Number) });
    expect(await say!.text('datasets', 'rm', 'copy')).toMatch(/^removed data set "copy", \d+ kB freed\n$/);
    expect(readFileSync(join(folder, 'cats', 'cats-0.png')).length).toBeGreaterThan(0);
    expect(await say!.json('datasets')).toHaveLength(2);
  });
});
