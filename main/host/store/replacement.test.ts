import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { beginReplacement, endReplacement, undoReplacement } from './replacement.ts';

let folder: string;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const files = () => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const old = { 'lab.db': 'old lab', 'lab.db-wal': 'what was last written', 'series.db': 'old series' };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-replacement-'));
  for (const [name, text] of Object.entries(old)) write(name, text);
});
afterEach(() => rmSync(folder, { recursive: true }));

it('keeps the old databases under other names when it is ended', () => {
  const aside = beginReplacement(folder);
  expect(aside).toEqual([expect.stringMatching(/^lab\.replaced-.*\.db$/), expect.stringMatching(/^series\.replaced-.*\.db$/)]);
  write('lab.db', 'new lab');
  endReplacement(folder);
  expect(undoReplacement(folder)).toEqual([]);
  expect(files()).toMatchObject({ 'lab.db': 'new lab', [aside[0]!]: 'old lab', [aside[1]!]: 'old series' });
});

it('puts them back where it was not ended', () => {
  beginReplacement(folder);
  for (const name of ['lab.db', 'lab.db-wal', 'lab.db-shm', 'series.db', 'series.db-wal']) write(name, 'new');
  expect(undoReplacement(folder)).toEqual([expect.stringContaining('as they were before')]);
  expect(files()).toEqual(old);
  expect(undoReplacement(folder)).toEqual([]);
});

it('does so, too, where only one was put aside, and where putting back was itself ended', () => {
  const [, series] = beginReplacement(folder) as [string, string];
  renameSync(join(folder, series), join(folder, 'series.db'));
  undoReplacement(folder);
  expect(files()).toEqual(old);

  const [lab] = beginReplacement(folder) as [string, string];
  renameSync(join(folder, `${lab}-wal`), join(folder, 'lab.db-wal'));
  undoReplacement(folder);
  expect(files()).toEqual(old);
});
