/** What SQLite's errors mean for people. */
import Database from 'better-sqlite3';
import { basename, dirname } from 'node:path';
import { FailureError } from '../../../core/contract/errors.ts';
import { explainDiskError } from '../../run-folder/disk-space.ts';

/** `error` as a FailureError `disk-full`, `database-not-writable`, `database-damaged` or `database-busy` where it is one; otherwise itself. */
export function explainSqlError(error: unknown, path: string): Error {
  if (!(error instanceof Database.SqliteError)) return error instanceof Error ? error : new Error(String(error));
  const { code, message } = error;
  const failure = (name: string, sentence: string) => new FailureError(name, sentence, { cause: error });
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE')
    return explainDiskError(Object.assign(error, { code: 'ENOSPC' }), dirname(path));
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code)) return failure('database-not-writable', `${path} cannot be written (${message})`);
  if (isDamage(error))
    return failure('database-damaged', `${basename(path)} is damaged (${message}); at the next start it is put aside and made anew`);
  if (code.startsWith('SQLITE_BUSY')) return failure('database-busy', `${path} is being written by another program`);
  if (code.startsWith('SQLITE_IOERR')) return failure('database-io', `${path} could not be read or written (${message})`);
  return error;
}

/** What `PRAGMA quick_check(1)` says, on one line; undefined where the database is sound. */
export function describeCheck(result: unknown): string | undefined {
  if (result === 'ok') return undefined;
  return String(result)
    .replace(/^\*\*\* in database \w+ \*\*\*\n/, '')
    .replaceAll('\n', '; ');
}

/** Whether it says that the file is not what SQLite has written. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}
