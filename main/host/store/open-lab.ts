/** Opens lab.db; a damaged one is put aside, and its latest good backup takes its place. */
import { closeSync, copyFileSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FailureError } from '../../../core/contract/errors.ts';
import { temporarySuffix } from '../../run-folder/atomic-file.ts';
import { explainDiskError } from '../../run-folder/disk-space.ts';
import { backUp, flushFile, listBackups } from './backups.ts';
import type { LabDatabase } from './database-types.ts';
import { migrate, readMigrations, type Migration } from './migrations.ts';
import { putAside } from './put-aside.ts';
import { prepareSearch } from './run-filter.ts';
import { openSql, type SqlDatabase } from './sql.ts';
import { describeCheck } from './sql-errors.ts';

export interface OpenedLab {
  readonly lab: LabDatabase;
  /** `left`: as it was left; `backup`: a copy of it from an earlier time; `new`: it begins empty. */
  readonly origin: 'left' | 'backup' | 'new';
}

/** What was done about a damaged or missing one is added to `notices`. */
export function openLab(
  dataFolder: string,
  notices: string[],
  how: 'as-left' | 'anew',
  migrations: readonly Migration[] = readMigrations('lab'),
): OpenedLab {
  const path = join(dataFolder, 'lab.db');
  const existed = existsSync(path);
  const problem = existed ? findProblem(path) : undefined;
  if (existed && problem === undefined) return { lab: openMigrated(path, migrations), origin: 'left' };

  // Also what is left of a database that is gone itself: its write-ahead log.
  const aside = putAside(path);
  const hasBackup = listBackups(dataFolder).length > 0;
  if (!existed && (how === 'anew' || !hasBackup)) return { lab: openMigrated(path, migrations), origin: 'new' };
  const what = existed ? `lab.db was damaged (${problem}) and is now ${aside}` : 'lab.db was missing';
  const backup = restoreBackup(dataFolder, path);
  const instead = backup === undefined ? 'there was no good backup, so the lab begins empty' : `the backup ${backup} took its place`;
  notices.push(`${what}; ${instead}; what the run folders hold is taken in from them`);
  return { lab: openMigrated(path, migrations), origin: backup === undefined ? 'new' : 'backup' };
}

function openMigrated(path: string, migrations: readonly Migration[]): LabDatabase {
  const sql = openSql(path, 'full');
  try {
    migrate(sql, migrations, () => void backUp(sql, sql.dataFolder));
    const lab: LabDatabase = { ...sql, kind: 'lab' };
    prepareSearch(lab);
    return lab;
  } catch (error) {
    sql.close();
    throw error;
  }
}

/** What is wrong with the database in this file. */
function findProblem(path: string): string | undefined {
  if (statSync(path).size === 0) return 'it was empty';
  let sql: SqlDatabase | undefined;
  try {
    readThrough(path);
    sql = openSql(path, 'full');
    const [row] = sql.queryOnce('PRAGMA quick_check(1)', []);
    return describeCheck(row?.[0]);
  } catch (error) {
    if (error instanceof FailureError && error.code !== 'database-damaged') throw error;
    return error instanceof Error ? error.message : String(error);
  } finally {
    sql?.close();
  }
}

/** From a disk, a file comes several times faster in one go than in the order in which a check asks for its pages. */
function readThrough(path: string): void {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.allocUnsafe(2 ** 20);
      while (readSync(file, buffer) > 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // SQLite says better what is wrong with it.
  }
}

/** Copies the latest backup that is good to `path` and gives its name. */
function restoreBackup(dataFolder: string, path: string): string | undefined {
  for (const { file } of listBackups(dataFolder)) {
    const temporary = `${path}${temporarySuffix}`;
    try {
      copyFileSync(file, temporary);
      if (findProblem(temporary) === undefined) {
        flushFile(temporary);
        renameSync(temporary, path);
        return basename(file);
      }
    } catch (error) {
      throw explainDiskError(error, dataFolder);
    } finally {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${temporary}${suffix}`, { force: true });
    }
  }
  return undefined;
}
