/** Thousands of damaged archives: each gives the very run that was exported or a clear error, and never anything else on the disk. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EngramError } from '../../core/contract/errors.ts';
import { mutations } from '../../core/files/mutations.ts';
import { importRunArchive } from './import-run.ts';
import { compress, contentsOf, importedContents, makeSampleRun, manifestOf, tarOf } from './test-support/sample-run.ts';

let folder: string;
let data: string;
let files: Record<string, Buffer>;
let whole: Uint8Array;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engram-damaged-archives-'));
  data = join(folder, 'a', 'data');
  mkdirSync(join(data, 'runs'), { recursive: true });
  const contents = contentsOf((await makeSampleRun(join(folder, 'origin'))).folder);
  rmSync(join(folder, 'origin'), { recursive: true });
  files = Object.fromEntries(['spec.json', 'journal', 'checkpoints/000000100.weights.safetensors'].map((path) => [path, contents[path]!]));
  whole = await tarOf([manifestOf(files), ...Object.entries(files).map(([name, content]) => ({ header: { name }, content }))]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function checkArchive(bytes: Uint8Array): Promise<boolean> {
  const from = join(folder, 'damaged');
  writeFileSync(from, bytes);
  let imported = false;
  try {
    const run = await importRunArchive({ from, runsFolder: join(data, 'runs'), exists: () => false });
    expect(importedContents(run.folder)).toEqual(files);
    expect(readdirSync(join(data, 'runs'))).toEqual([run.id]);
    rmSync(run.folder, { recursive: true });
    imported = true;
  } catch (error) {
    expect(error).toBeInstanceOf(EngramError);
  }
  expect(readdirSync(join(data, 'runs'))).toEqual([]);
  expect(readdirSync(data)).toEqual(['runs']);
  expect(readdirSync(folder).sort()).toEqual(['a', 'damaged']);
  return imported;
}

it.each(['compressed', 'not compressed', 'inside the compression'])('%s', async (where) => {
  const compressed = compress(whole);
  const damage = {
    compressed: (mutate: (bytes: Uint8Array) => Uint8Array) => mutate(compressed),
    'not compressed': (mutate: (bytes: Uint8Array) => Uint8Array) => mutate(whole),
    'inside the compression': (mutate: (bytes: Uint8Array) => Uint8Array) => compress(mutate(whole)),
  }[where]!;
  let imported = 0;
  await fc.assert(
    fc.asyncProperty(mutations(), async (mutate) => {
      if (await checkArchive(damage(mutate))) imported++;
    }),
    { numRuns: 1500 },
  );
  // Padding and the fields of headers that nobody reads may change.
  expect(imported).toBeGreaterThan(0);
});
