import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reserveBytes } from '../run-folder/disk-space.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { exportRunArchive } from './export-run.ts';
import { importRunArchive } from './import-run.ts';
import { writeMetricFile } from './metric-files.ts';
import { makeSampleRun, sampleAbout } from './test-support/sample-run.ts';

const disk = mkdtempSync(join(tmpdir(), 'engram-full-'));
const place = mkdtempSync(join(tmpdir(), 'engram-place-'));
// Only root can mount, and not in every container.
const mounted = process.platform === 'linux' && spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]).status === 0;
if (!mounted) console.warn('skipping the tests of a full disk: a small file system cannot be mounted here');

const filler = join(disk, 'filler');
const leave = (freeBytes: number) => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, new Uint8Array(Math.max(0, bavail * bsize - freeBytes)));
};
const left = () => readdirSync(disk, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'filler');

let paths: RunPaths;
beforeAll(async () => {
  paths = await makeSampleRun(place);
  writeFileSync(join(paths.folder, 'large.png'), randomFillSync(new Uint8Array(4 * 2 ** 20)));
});
afterEach(() => {
  for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
});
afterAll(() => {
  if (mounted) spawnSync('/bin/umount', ['-l', disk]);
  for (const folder of [disk, place]) rmSync(folder, { recursive: true, force: true });
});

describe.runIf(mounted)('a full disk', () => {
  const diskFull = { kind: 'failure', code: 'disk-full', message: expect.stringContaining('the disk is full') };

  it('leaves nothing of an export', async () => {
    leave(2 * 2 ** 20);
    await expect(
      exportRunArchive({ paths, about: sampleAbout, engramVersion: 'test', to: join(disk, 'run.engram.tar.gz') }),
    ).rejects.toMatchObject(diskFull);
    expect(left()).toEqual([]);
  });

  it('leaves nothing of a file of metrics', async () => {
    leave(2 * 2 ** 20);
    const rows = Array.from({ length: 200_000 }, (_, iteration) => ({ iteration, episodes: iteration, values: { loss: 1 / 3 } }));
    await expect(
      writeMetricFile({ to: join(disk, 'metrics.csv'), format: 'csv', names: ['loss'], runs: [{ run: 'a', rows }] }),
    ).rejects.toMatchObject(diskFull);
    expect(left()).toEqual([]);
  });

  it('leaves nothing of an import, met before or on the way', async () => {
    const from = join(place, 'run.engram.tar.gz');
    await exportRunArchive({ paths, about: sampleAbout, engramVersion: 'test', to: from });
    const runsFolder = join(disk, 'runs');
    mkdirSync(runsFolder);
    leave(reserveBytes + 2 * 2 ** 20);
    await expect(importRunArchive({ from, runsFolder, exists: () => false })).rejects.toMatchObject(diskFull);
    expect(left()).toEqual(['runs']);

    rmSync(filler);
    let filled = false;
    const onProgress = () => {
      if (!filled) leave(1024 * 1024);
      filled = true;
    };
    await expect(importRunArchive({ from, runsFolder, exists: () => false, onProgress })).rejects.toMatchObject(diskFull);
    expect(left()).toEqual(['runs']);
  });
});
