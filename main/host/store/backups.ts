/** Copies of lab.db, the last seven of which are kept. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporarySuffix } from '../../run-folder/atomic-file.ts';
import { explainDiskError, requireSpace } from '../../run-folder/disk-space.ts';
import { fileTime, parseFileTime } from './file-time.ts';
import type { SqlDatabase } from './sql.ts';

const kept = 7;
const backUpEveryMs = 24 * 60 * 60 * 1000;

export interface Backup {
  /** Absolute path. */
  readonly file: string;
  readonly madeAtMs: number;
}

/**
 * Copies lab.db as it is at this moment; the copy has its name when it is whole and on the disk.
 * @throws FailureError `disk-full`.
 */
export function backUp(lab: SqlDatabase, dataFolder: string, nowMs = Date.now()): { file: string; bytes: number } {
  const folder = backupsFolder(dataFolder);
  mkdirSync(folder, { recursive: true });
  requireSpace(folder, statSync(lab.path).size, 'a copy of lab.db');
  const file = join(folder, `lab-${fileTime(new Date(nowMs))}.db`);
  const temporary = `${file}.${process.pid}${temporarySuffix}`;
  try {
    lab.prepare('VACUUM INTO ?').run(temporary);
    flushFile(temporary);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainDiskError(error, folder);
  }
  removeOld(dataFolder, nowMs);
  return { file, bytes: statSync(file).size };
}

/** Newest first; behind them those that say they were made later than now, since the clock was wrong then or is now. */
export function listBackups(dataFolder: string, nowMs = Date.now()): Backup[] {
  const folder = backupsFolder(dataFolder);
  if (!existsSync(folder)) return [];
  const backups = readdirSync(folder).flatMap((name) => {
    const madeAtMs = parseFileTime(/^lab-(.*)\.db$/.exec(name)?.[1] ?? '');
    return madeAtMs === undefined ? [] : [{ file: join(folder, name), madeAtMs }];
  });
  const isLate = ({ madeAtMs }: Backup) => (madeAtMs > nowMs ? 1 : 0);
  return backups.sort((a, b) => isLate(a) - isLate(b) || b.madeAtMs - a.madeAtMs);
}

/** Unless one was made within a day of now. */
export function isBackupDue(dataFolder: string, nowMs = Date.now()): boolean {
  return listBackups(dataFolder, nowMs).every(({ madeAtMs }) => Math.abs(nowMs - madeAtMs) > backUpEveryMs);
}

function removeOld(dataFolder: string, nowMs: number): void {
  const folder = backupsFolder(dataFolder);
  for (const { file } of listBackups(dataFolder, nowMs).slice(kept)) rmSync(file, { force: true });
  // Of a process that was killed meanwhile.
  const unfinished = readdirSync(folder).filter((name) => name.startsWith('lab-') && name.endsWith(temporarySuffix));
  for (const name of unfinished) rmSync(join(folder, name), { force: true });
}

/** To the disk. */
export function flushFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function backupsFolder(dataFolder: string): string {
  return join(dataFolder, 'backups');
}
