/** Puts a database file aside that cannot be used, with the files that belong to it: nothing is ever overwritten. */
import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import { fileTime } from './file-time.ts';

/** The name of the new file, e.g. `lab.damaged-20261123-221530123.db`. */
export function putAside(path: string, why: 'damaged' | 'replaced' = 'damaged'): string {
  const time = fileTime(new Date());
  const aside = path.replace(/\.db$/, `.${why}-${time}.db`);
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
  return basename(aside);
}
