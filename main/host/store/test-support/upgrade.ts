/**
 * For the test of a migration (not used by the product): a database as the version before had it, with rows, brought to the migration's version.
 * The test of `migrations/lab/0020-what-for.sql` is `main/host/store/migrations/lab-0020-what-for.test.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, type Migration } from '../migrations.ts';
import { openSql, type SqlDatabase } from '../sql.ts';

/** @param rows SQL that fills the tables of the version before. `check` finds the database as the migration has left it. */
export function upgrade(migrations: readonly Migration[], version: number, rows: string, check: (database: SqlDatabase) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'engram-upgrade-'));
  const database = openSql(join(folder, 'upgraded.db'), 'normal');
  const until = (last: number) => migrations.filter((migration) => migration.version <= last);
  try {
    migrate(database, until(version - 1), () => {});
    database.exec(rows);
    migrate(database, until(version), () => {});
    check(database);
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}
