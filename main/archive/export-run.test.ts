import { randomFillSync } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAbout } from '../run-folder/about-file.ts';
import { findNewestCheckpoint, writeCheckpoint } from '../run-folder/checkpoints.ts';
import { encodeRecord, journalStart } from '../run-folder/journal-format.ts';
import { readJournal } from '../run-folder/journal-reader.ts';
import { openJournal } from '../run-folder/journal-writer.ts';
import { runPaths, type RunPaths } from '../run-folder/run-paths.ts';
import { exportRunArchive } from './export-run.ts';
import { importRunArchive } from './import-run.ts';
import type { ArchiveProgress } from './progress.ts';
import {
  contentsOf,
  importedContents,
  makeSampleRun,
  metricsRecord,
  sampleAbout,
  sampleFiles,
  sampleId,
} from './test-support/sample-run.ts';

let folder: string;
let runs: string;
let elsewhere: string;
let to: string;
let paths: RunPaths;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engram-archive-'));
  runs = join(folder, 'lab', 'runs');
  elsewhere = join(folder, 'other', 'runs');
  to = join(folder, 'out', 'run.engram.tar.gz');
  paths = await makeSampleRun(runs);
});
afterEach(() => rmSync(folder, { recursive: true }));

const exportRun = (options: { signal?: AbortSignal; onProgress?: (progress: ArchiveProgress) => void } = {}) =>
  exportRunArchive({ paths, about: sampleAbout, engramVersion: '0.1.0', to, ...options });
const importRun = () => importRunArchive({ from: to, runsFolder: elsewhere, exists: () => false });
const filesOf = (from: string) => Object.fromEntries(Object.entries(contentsOf(from)).filter(([path]) => sampleFiles.includes(path)));

describe('a run archive', () => {
  it('gives back every file of the run, bit for bit, and what was said of it', async () => {
    const { manifest, bytes } = await exportRun();
    expect(manifest.files.map(({ path }) => path)).toEqual(sampleFiles);
    expect(bytes).toBe(readFileSync(to).length);
    expect(readdirSync(join(folder, 'out'))).toEqual(['run.engram.tar.gz']);

    const imported = await importRun();
    expect(imported).toEqual({ id: sampleId, about: sampleAbout, folder: join(elsewhere, sampleId) });
    expect(importedContents(imported.folder)).toEqual(filesOf(paths.folder));
    expect(readAbout(runPaths(imported.folder))).toEqual(sampleAbout);
    expect((await findNewestCheckpoint(runPaths(imported.folder).checkpoints)).checkpoint?.saved.state.iteration).toBe(150);
  });

  it('may be of a run that has not begun', async () => {
    for (const path of ['journal', 'checkpoints', 'trainer.log', 'picture.png']) rmSync(join(paths.folder, path), { recursive: true });
    await exportRun();
    expect(readdirSync((await importRun()).folder).sort()).toEqual(['about.json', 'spec.json']);
  });

  it('tells how far it is', async () => {
    const seen: ArchiveProgress[] = [];
    await exportRun({ onProgress: (progress) => seen.push(progress) });
    const total = Object.values(filesOf(paths.folder)).reduce((sum, { length }) => sum + length, 0);
    for (const phase of ['reading', 'packing'])
      expect(seen.findLast((progress) => progress.phase === phase)).toEqual({ phase, doneBytes: total, totalBytes: total });
  });

  it('holds the journal up to its last whole record', async () => {
    const whole = readFileSync(paths.journal);
    appendFileSync(paths.journal, encodeRecord(4, metricsRecord(4)).slice(0, -5));
    await exportRun();
    expect(readFileSync(join((await importRun()).folder, 'journal'))).toEqual(whole);
  });

  it('holds a journal of many pieces, and one of a long record', async () => {
    const long = { type: 'log', atMs: 1, level: 'info', message: 'x'.repeat(700_000) } as const;
    const records = [...Array.from({ length: 5000 }, (_, index) => metricsRecord(index + 1)), long, metricsRecord(5001)];
    writeFileSync(paths.journal, records.map((record, index) => encodeRecord(index + 1, record)).join(''));
    await exportRun();
    expect(readJournal(join((await importRun()).folder, 'journal')).records).toEqual(records);
  });
});

describe('exporting a run that is being trained', () => {
  it('gives a run whose journal reads clean and whose checkpoints are whole, time and again', async () => {
    rmSync(paths.journal);
    const journal = openJournal(paths.journal, journalStart);
    const w = { dtype: 'F32', shape: [3000], data: new Float32Array(3000).fill(0.1) } as const;
    let iteration = 150;
    const stopping = new AbortController();
    const trained = (async () => {
      while (!stopping.signal.aborted) {
        journal.append(metricsRecord(++iteration));
        journal.flush();
        if (iteration % 3 === 0)
          journal.append(
            await writeCheckpoint(paths.checkpoints, {
              saved: { arrays: { w }, state: { iteration, episodes: 1, opaque: null } },
              seconds: 1,
            }),
          );
        await new Promise(setImmediate);
      }
      journal.close();
    })();
    for (let round = 0; round < 10; round++) {
      await exportRun();
      const { folder: imported } = await importRun();
      const { records, problem } = readJournal(join(imported, 'journal'));
      expect(problem).toBeUndefined();
      const newest = (await findNewestCheckpoint(join(imported, 'checkpoints'))).checkpoint?.saved.state.iteration ?? 0;
      const last = records.findLast(({ type }) => type === 'metrics');
      expect(last).toMatchObject({ iteration: expect.toSatisfy((value: number) => value >= newest) });
      rmSync(imported, { recursive: true });
    }
    stopping.abort();
    await trained;
  });
});

describe('an export that fails', () => {
  it('when cancelled, leaves nothing, or the older file', async () => {
    for (const phase of ['reading', 'packing']) {
      const cancelling = new AbortController();
      const onProgress = (progress: ArchiveProgress) => {
        if (progress.phase === phase) cancelling.abort();
      };
      await expect(exportRun({ signal: cancelling.signal, onProgress })).rejects.toMatchObject({ name: 'AbortError' });
      expect(readdirSync(join(folder, 'out'))).toEqual([]);
    }
    writeFileSync(to, 'older');
    await expect(exportRun({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(contentsOf(join(folder, 'out'))).toEqual({ 'run.engram.tar.gz': Buffer.from('older') });
  });

  it('because a file became shorter meanwhile, says so', async () => {
    const onProgress = ({ phase }: ArchiveProgress) => {
      if (phase === 'packing') truncateSync(join(paths.folder, 'picture.png'), 2);
    };
    await expect(exportRun({ onProgress })).rejects.toMatchObject({
      code: 'run-changed',
      message: "the run's picture.png was changed while it was read; try again",
    });
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('because its file cannot even be opened, says so at once, however large the run is', async () => {
    writeFileSync(join(paths.folder, 'large.png'), randomFillSync(new Uint8Array(8 * 2 ** 20)));
    // A file is written under a longer name than it gets.
    const name = `${'x'.repeat(250)}.gz`;
    await expect(exportRunArchive({ paths, about: sampleAbout, engramVersion: '', to: join(folder, 'out', name) })).rejects.toMatchObject({
      kind: 'input',
      code: 'export-not-writable',
      message: expect.stringContaining('ENAMETOOLONG'),
    });
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('because there is no run, because of its name, or because of where it should go, says so', async () => {
    await expect(exportRunArchive({ paths, about: sampleAbout, engramVersion: '', to: folder })).rejects.toMatchObject({
      code: 'export-not-writable',
      message: `${folder} is a folder, and the export is a file`,
    });
    await expect(exportRunArchive({ paths: { ...paths, id: 'my run' }, about: sampleAbout, engramVersion: '', to })).rejects.toMatchObject({
      kind: 'input',
      code: 'run-name',
    });
    rmSync(paths.spec);
    await expect(exportRun()).rejects.toMatchObject({ kind: 'input', code: 'run-empty' });
    expect(existsSync(to)).toBe(false);
  });
});
