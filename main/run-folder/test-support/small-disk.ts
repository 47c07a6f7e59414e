/** A file system of a few megabytes that tests fill (not used by the product). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeBytes } from '../disk-space.ts';

export interface SmallDisk {
  readonly folder: string;
  /** Only root can mount one, and not in every container; where it is false, the folder is an ordinary one. */
  readonly isMounted: boolean;
  /** Leaves so many bytes. */
  fillTo(leftBytes: number): void;
  makeSpace(): void;
  remove(): void;
}

/** Says so where it cannot be mounted: the tests that need it are then skipped. */
export function createSmallDisk(bytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'engram-disk-'));
  const isMounted =
    process.platform === 'linux' && spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]).status === 0;
  if (!isMounted) console.warn('skipping the tests of a full disk: a small file system cannot be mounted here');
  const filler = join(folder, 'filler');
  const makeSpace = () => rmSync(filler, { force: true });
  return {
    folder,
    isMounted,
    fillTo: (leftBytes) => {
      makeSpace();
      writeFileSync(filler, new Uint8Array(Math.max(0, freeBytes(folder) - leftBytes)));
    },
    makeSpace,
    remove: () => {
      if (isMounted) spawnSync('/bin/umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
