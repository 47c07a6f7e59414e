/** Copies of lab.db, the last seven of which are kept. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporarySuffix } from '../../run-folder/atomic-file.ts';
import { explainDiskError, requireSpace } from '../../run-folder/disk-space.ts';
import { fileTime } from './file-time.ts';
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
export function backUp(lab: SqlDatabase, dataFolder: string): { file: string; bytes: number } {
  const folder = backupsFolder(dataFolder);
  mkdirSync(folder, { recursive: true });
  requireSpace(folder, statSync(lab.path).size, 'a copy of lab.db');
  const file = join(folder, `lab-${fileTime(new Date())}.db`);
  const temporary = `${file}.${process.pid}${temporarySuffix}`;
  try {
    lab.prepare('VACUUM INTO ?').run(temporary);
    flush(temporary);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainDiskError(error, folder);
  }
  removeOld(folder);
  return { file, bytes: statSync(file).size };
}

/** Newest first. */
export function listBackups(dataFolder: string): Backup[] {
  const folder = backupsFolder(dataFolder);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^lab-.*\.db$/.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => ({ file: join(folder, name), madeAtMs: Math.round(statSync(join(folder, name)).mtimeMs) }));
}

export function isBackupDue(dataFolder: string, nowMs = Date.now()): boolean {
  const [newest] = listBackups(dataFolder);
  return newest === undefined || nowMs - newest.madeAtMs > backUpEveryMs;
}

function removeOld(folder: string): void {
  const names = readdirSync(folder).filter((name) => name.startsWith('lab-'));
  const whole = names.filter((name) => name.endsWith('.db')).sort();
  const unfinished = names.filter((name) => name.endsWith(temporarySuffix));
  for (const name of [...whole.slice(0, -kept), ...unfinished]) rmSync(join(folder, name), { force: true });
}

function flush(path: string): void {
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
