import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { binaryBatch } from '../../core/data/test-pickles.ts';
import { reserveBytes } from '../run-folder/disk-space.ts';
import { importDataset } from './import-dataset.ts';
import type { ImportProgress } from './import-progress.ts';
import { tarOf } from './test-support/sources.ts';

const disk = mkdtempSync(join(tmpdir(), 'engram-full-'));
const place = mkdtempSync(join(tmpdir(), 'engram-place-'));
// Only root can mount, and not in every container.
const mounted = process.platform === 'linux' && spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).status === 0;
if (!mounted) console.warn('skipping the tests of a full disk: a small file system cannot be mounted here');

const filler = join(disk, 'filler');
const leave = (freeBytes: number) => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, new Uint8Array(Math.max(0, bavail * bsize - freeBytes)));
};
afterEach(() => {
  for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
});
afterAll(() => {
  if (mounted) spawnSync('/bin/umount', ['-l', disk]);
  for (const folder of [disk, place]) rmSync(folder, { recursive: true, force: true });
});

/** An archive of some 4 MB, which compression cannot make smaller. */
async function writeSource(): Promise<string> {
  const batch = (count: number) =>
    binaryBatch({ labels: Array.from({ length: count }, () => 1), data: randomFillSync(new Uint8Array(count * 3072)) });
  const path = join(place, 'cifar.tar.gz');
  writeFileSync(path, gzipSync(await tarOf({ 'c/data_batch_1.bin': batch(1200), 'c/test_batch.bin': batch(100) }), { level: 1 }));
  return path;
}

describe.runIf(mounted)('a data set that is copied to a full disk', () => {
  const diskFull = { kind: 'failure', code: 'disk-full', message: expect.stringContaining('the disk is full') };
  const take = (source: string, onProgress: (progress: ImportProgress) => void = () => {}) =>
    importDataset({ source, mode: 'copy', to: join(disk, 'one'), signal: new AbortController().signal, onProgress });

  it('is refused before anything is copied, and taken once there is room', async () => {
    const source = await writeSource();
    leave(reserveBytes + 2 ** 20);
    await expect(take(source)).rejects.toMatchObject(diskFull);
    expect(readdirSync(disk)).toEqual(['filler']);
    rmSync(filler);
    expect(await take(source)).toMatchObject({ images: 1300 });
  });

  it.each(['copying', 'thumbnails'])('that becomes full while %s leaves nothing of itself', async (phase) => {
    const source = await writeSource();
    let filled = false;
    const onProgress = (progress: ImportProgress) => {
      if (progress.phase !== phase || filled) return;
      filled = true;
      leave(0);
    };
    await expect(take(source, onProgress)).rejects.toMatchObject(diskFull);
    expect(readdirSync(disk)).toEqual(['filler']);
  });
});
