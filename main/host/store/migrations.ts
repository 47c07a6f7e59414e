/** Brings a database to the shape that this version works with. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngramError, FailureError } from '../../../core/contract/errors.ts';
import type { SqlDatabase } from './sql.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

/** Those that come with this version, by the database they are for. */
export function readMigrations(kind: 'lab' | 'series'): Migration[] {
  return readMigrationsIn(fileURLToPath(new URL(`../../../migrations/${kind}/`, import.meta.url)));
}

/** Files called `0010-what-for.sql`, in the order of their numbers. */
export function readMigrationsIn(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort()
    .map((file) => {
      // Whatever ends of lines a checkout has given it.
      const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { version: Number(file.slice(0, 4)), name: file.slice(5, -'.sql'.length), text, sha256 };
    });
}

/**
 * Applies what is missing, each file in one exclusive transaction; `beforeChange` is called before the first one on a database that is not new.
 * @throws FailureError `database-newer`, `migration-changed`, `migration-out-of-order`, `migration-failed` or `disk-full`; the database is then as
 * it was before that file.
 */
export function migrate(database: SqlDatabase, migrations: readonly Migration[], beforeChange: () => void): void {
  const applied = readApplied(database);
  requireKnown(database, applied, migrations);
  const missing = migrations.filter(({ version }) => !applied.some((one) => one.version === version));
  if (missing.length === 0) return;
  if (applied.length > 0) beforeChange();
  // Tables are made anew by copying, which must not take away rows that refer to them; the references are checked afterwards.
  database.pragma('foreign_keys = OFF');
  try {
    for (const migration of missing) apply(database, migration);
  } finally {
    database.pragma('foreign_keys = ON');
  }
}

function readApplied(database: SqlDatabase): AppliedMigration[] {
  const [exists] = database.queryOnce("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'", []);
  if (exists === undefined) return [];
  const rows = database.queryOnce('SELECT version, name, sha256 FROM migrations ORDER BY version', []);
  return rows.map(([version, name, sha256]) => ({ version, name, sha256 }) as AppliedMigration);
}

function requireKnown({ path }: SqlDatabase, applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  for (const { version, name, sha256 } of applied) {
    const known = migrations.find((migration) => migration.version === version);
    if (known === undefined) {
      const database = applied.at(-1)!.version;
      throw new FailureError(
        'database-newer',
        `${path} has version ${database} (change ${version}, ${name}), and this Engram knows versions up to ${newest}; use a newer Engram`,
      );
    }
    if (known.sha256 !== sha256) {
      throw new FailureError(
        'migration-changed',
        `the file ${name} of version ${version} is not the one with which ${basename(path)} was made; put back migrations as they were released`,
      );
    }
  }
  const late = migrations.find(
    ({ version }) => version < (applied.at(-1)?.version ?? 0) && !applied.some((one) => one.version === version),
  );
  if (late !== undefined) {
    throw new FailureError(
      'migration-out-of-order',
      `the migration ${late.version} (${late.name}) comes before ${applied.at(-1)!.version}, which ${path} has already; give it a higher number`,
    );
  }
}

function apply(database: SqlDatabase, { version, name, text, sha256 }: Migration): void {
  try {
    database.exec('BEGIN EXCLUSIVE');
    database.exec(`CREATE TABLE IF NOT EXISTS migrations
      (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT`);
    database.exec(text);
    const [orphan] = database.queryOnce('SELECT "table" FROM pragma_foreign_key_check', []);
    if (orphan !== undefined) throw new Error(`rows of ${String(orphan[0])} refer to rows that are not there`);
    const insert = 'INSERT INTO migrations (version, name, sha256, applied_at_ms) VALUES (?, ?, ?, ?)';
    database.prepare(insert).run(version, name, sha256, Date.now());
    database.exec('COMMIT');
  } catch (error) {
    database.rollback();
    if (error instanceof EngramError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FailureError('migration-failed', `${database.path} could not be brought to version ${version} (${name}): ${reason}`, {
      cause: error,
    });
  }
}
