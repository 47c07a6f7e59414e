/** A short process that reads a database from one end to the other, and says what is wrong with it, or nothing. */
import Database from 'better-sqlite3';
import { setPriority } from 'node:os';
import { describeCheck, isDamage } from './sql-errors.ts';

try {
  // Whatever else the machine does comes first.
  setPriority(19);
} catch {
  // Not allowed everywhere.
}
try {
  process.stdout.write(check(process.argv[2] ?? '') ?? '');
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}

function check(path: string): string | undefined {
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true });
    return describeCheck(database.pragma('quick_check(1)', { simple: true }));
  } catch (error) {
    if (error instanceof Error && isDamage(error)) return error.message;
    throw error;
  }
}
