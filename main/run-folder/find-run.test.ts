import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngramError } from '../../core/contract/errors.ts';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { mutations } from '../../core/files/mutations.ts';
import { prepareDataFolder, runsFolder } from './data-folder.ts';
import { findRun } from './find-run.ts';
import { createRunId } from './run-id.ts';
import { runPaths } from './run-paths.ts';
import { readSpecFile, writeSpecFile } from './spec-file.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'engram-data-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const spec = createRunSpec({ experiment: 'images', variant: 'yoked', seed: 7 });

async function addRun(id: string): Promise<void> {
  prepareDataFolder(data);
  mkdirSync(join(runsFolder(data), id));
  await writeSpecFile(runPaths(join(runsFolder(data), id)), spec);
}

describe('findRun', () => {
  const [first, second, third] = [
    '20261123-100000-images-free-1-zzzz',
    '20261123-100000-images-free-2-aaaa',
    '20261124-090000-images-yoked-1-mmmm',
  ];
  beforeEach(async () => {
    for (const id of [first, second, third]) await addRun(id);
    mkdirSync(join(runsFolder(data), '20261125-000000-not-a-run'));
  });

  it.each([
    ['an id', second, second],
    ['a unique beginning', '20261124', third],
    ['the word', 'last', third],
  ])('takes %s', (_what, argument, id) => {
    expect(findRun(data, argument)).toMatchObject({ id, folder: join(runsFolder(data), id) });
  });

  it('takes a path, from anywhere', () => {
    expect(findRun('/nowhere', join(runsFolder(data), first)).id).toBe(first);
  });

  it('takes the later one of two runs that began in the same second as the last', () => {
    rmSync(join(runsFolder(data), third), { recursive: true });
    expect(findRun(data, 'last').id).toBe(second);
  });

  it.each([
    ['20261123', 'ambiguous-run', 'the beginning of 2 runs'],
    ['20261124-090000-images-yoked-1-mmmn', 'unknown-run', `did you mean "${third}"?`],
    ['', 'unknown-run', 'there is no run ""'],
    ['20261125', 'unknown-run', 'there is no run "20261125"'],
    ['../../..', 'unknown-run', 'there is no run'],
  ])('refuses %j', (argument, code, message) => {
    expect(() => findRun(data, argument)).toThrow(
      expect.objectContaining({ kind: 'input', code, message: expect.stringContaining(message) }),
    );
  });

  it('says when there is none at all', () => {
    rmSync(runsFolder(data), { recursive: true });
    expect(() => findRun(data, 'last')).toThrow(`there is no run yet in ${data}`);
  });
});

it('names runs so that they sort by time and tell what they are', () => {
  expect(createRunId(spec, new Date('2026-11-23T22:15:30.999Z'))).toMatch(/^20261123-221530-images-yoked-7-[2-9a-z]{4}$/);
  expect(createRunId(spec)).not.toBe(createRunId(spec));
});

it.each(['/proc/engram', '/dev/null/engram'])('refuses the data folder %s', (folder) => {
  expect(() => prepareDataFolder(folder)).toThrow(expect.objectContaining({ kind: 'input', code: 'data-folder-not-writable' }));
});

describe('spec.json', () => {
  it('is read as it was written', async () => {
    await writeSpecFile(runPaths(data), spec);
    expect(await readSpecFile(runPaths(data))).toEqual(spec);
  });

  it('gives a spec or an error of its own, for any mutated file', async () => {
    const file = Buffer.from(JSON.stringify(spec, null, 2));
    writeFileSync(runPaths(data).spec, 'null');
    await expect(readSpecFile(runPaths(data))).rejects.toThrow(`${runPaths(data).spec}: not a valid run spec`);
    let read = 0;
    await fc.assert(
      fc.asyncProperty(mutations(), async (mutate) => {
        writeFileSync(runPaths(data).spec, mutate(file));
        try {
          expect((await readSpecFile(runPaths(data))).experiment).toBe('images');
          read++;
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(0);
  });
});
