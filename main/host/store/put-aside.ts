/** Puts a database file aside that cannot be used, with the files that belong to it: nothing is ever overwritten. */
import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import { fileTime } from './file-time.ts';

type Reason = 'damaged' | 'replaced';

/** The database itself, and what SQLite keeps beside it. */
export const databaseSuffixes = ['', '-wal', '-shm'] as const;

/** The name of the new file, e.g. `lab.damaged-20261123-221530123.db`. @param time as `fileTime` writes it. */
export function putAside(path: string, why: Reason = 'damaged', time = fileTime(new Date())): string {
  const aside = asideOf(path, why, time);
  for (const suffix of databaseSuffixes) if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
  return basename(aside);
}

export const asideOf = (path: string, why: Reason, time: string) => path.replace(/\.db$/, `.${why}-${time}.db`);
