import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listBackups } from './backups.ts';
import { migrate, readMigrations, readMigrationsIn, type Migration } from './migrations.ts';
import { openLab } from './open-lab.ts';
import { openSql, type SqlDatabase } from './sql.ts';
import { upgrade } from './test-support/upgrade.ts';
import { listViews, saveView } from './views.ts';

let folder: string;
let database: SqlDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-migrations-'));
  database = openSql(join(folder, 'a.db'), 'full');
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const migration = (version: number, text: string): Migration => ({
  version,
  name: `change-${version}`,
  text,
  sha256: createHash('sha256').update(text).digest('hex'),
});
const people = migration(10, 'CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
const pets = migration(
  20,
  `CREATE TABLE pets (name TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES people (id)) STRICT;
   INSERT INTO pets SELECT 'cat of ' || name, id FROM people`,
);
/** Its second statement fails. */
const failing = migration(20, 'ALTER TABLE people ADD COLUMN age INTEGER; INSERT INTO nobody VALUES (1)');

const never = () => expect.unreachable('there is nothing to back up');
const schema = () => database.queryOnce('SELECT type, name, sql FROM sqlite_schema ORDER BY name', []);
const applied = () => database.queryOnce('SELECT version, name, sha256 FROM migrations ORDER BY version', []);

describe.each(['lab', 'series'] as const)('the migrations of the database %s', (kind) => {
  const migrations = readMigrations(kind);

  it('are numbered in tens, each number once', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => 10 * (index + 1)));
  });

  it('have, but for the first, a test each that starts from rows of the version before', () => {
    const folder = fileURLToPath(new URL('migrations/', import.meta.url));
    const tests = migrations
      .slice(1)
      .map(({ version, name }) => join(folder, `${kind}-${String(version).padStart(4, '0')}-${name}.test.ts`));
    expect(tests.filter((test) => !existsSync(test))).toEqual([]);
  });

  it('keep to a transaction that is not theirs', () => {
    for (const { text } of migrations) expect(text).not.toMatch(/^\s*(BEGIN|COMMIT|ROLLBACK|VACUUM|PRAGMA)\b/im);
  });

  it('make a new database', () => {
    migrate(database, migrations, never);
    expect(applied()).toEqual(migrations.map(({ version, name, sha256 }) => [version, name, sha256]));
    expect(database.queryOnce('PRAGMA integrity_check', [])).toEqual([['ok']]);
  });
});

describe('reading migrations', () => {
  it('takes the files in the order of their numbers, and nothing else', () => {
    writeFileSync(join(folder, '0020-second.sql'), 'two');
    writeFileSync(join(folder, '0010-first-of-all.sql'), 'one');
    for (const other of ['notes.md', '10-short.sql', '0030.sql']) writeFileSync(join(folder, other), '');
    expect(readMigrationsIn(folder).map(({ version, name, text }) => [version, name, text])).toEqual([
      [10, 'first-of-all', 'one'],
      [20, 'second', 'two'],
    ]);
  });

  it('does not mind how a checkout ends its lines', () => {
    writeFileSync(join(folder, '0010-a.sql'), 'SELECT 1;\nSELECT 2;\n');
    const [unix] = readMigrationsIn(folder);
    writeFileSync(join(folder, '0010-a.sql'), 'SELECT 1;\r\nSELECT 2;\r\n');
    expect(readMigrationsIn(folder)).toEqual([unix]);
  });
});

describe('migrating', () => {
  it('applies what is missing once, and keeps the rows', () => {
    migrate(database, [people], never);
    database.exec("INSERT INTO people VALUES (1, 'Ada')");
    migrate(database, [people, pets], () => {});
    migrate(database, [people, pets], never);
    expect(database.queryOnce('SELECT * FROM pets', [])).toEqual([['cat of Ada', 1]]);
    expect(applied().map(([version]) => version)).toEqual([10, 20]);
    expect(database.pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  });

  it('calls for a backup before it changes a database that is not new', () => {
    migrate(database, [people], never);
    const before = schema();
    let seen: unknown;
    migrate(database, [people, pets], () => (seen = schema()));
    expect(seen).toEqual(before);
  });

  it('does not begin when the backup fails', () => {
    migrate(database, [people], never);
    const before = schema();
    const fail = () => {
      throw new Error('no space');
    };
    expect(() => migrate(database, [people, pets], fail)).toThrow('no space');
    expect([schema(), applied().length]).toEqual([before, 1]);
  });

  it('leaves the database as it was when a file fails, and says which', () => {
    migrate(database, [people], never);
    database.exec("INSERT INTO people VALUES (1, 'Ada')");
    const before = schema();
    expect(() => migrate(database, [people, failing], () => {})).toThrow(
      expect.objectContaining({
        code: 'migration-failed',
        message: expect.stringContaining('version 20 (change-20): no such table: nobody'),
      }),
    );
    expect([schema(), applied().length, database.queryOnce('SELECT * FROM people', [])]).toEqual([before, 1, [[1, 'Ada']]]);
    expect(database.pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  });

  it('keeps the files before the one that fails: each has its own transaction', () => {
    const third = migration(30, 'INSERT INTO nobody VALUES (1)');
    expect(() => migrate(database, [people, pets, third], never)).toThrow('version 30');
    expect(applied().map(([version]) => version)).toEqual([10, 20]);
  });

  it('refuses a file after which rows refer to nothing', () => {
    migrate(database, [people, pets], never);
    database.exec("INSERT INTO people VALUES (1, 'Ada'); INSERT INTO pets VALUES ('cat', 1)");
    expect(() => migrate(database, [people, pets, migration(30, 'DELETE FROM people')], () => {})).toThrow(
      'rows of pets refer to rows that are not there',
    );
    expect(database.queryOnce('SELECT count(*) FROM people', [])).toEqual([[1]]);
  });

  it('can make a table anew that others refer to', () => {
    migrate(database, [people, pets], never);
    database.exec("INSERT INTO people VALUES (1, 'Ada'); INSERT INTO pets VALUES ('cat', 1)");
    const anew = migration(
      30,
      `CREATE TABLE new_people (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL) STRICT;
       INSERT INTO new_people SELECT id, name FROM people; DROP TABLE people; ALTER TABLE new_people RENAME TO people`,
    );
    migrate(database, [people, pets, anew], () => {});
    expect(database.queryOnce('SELECT full_name, pets.name FROM people JOIN pets ON person = id', [])).toEqual([['Ada', 'cat']]);
  });

  it('refuses a database of a newer version, and leaves it alone', () => {
    migrate(database, [people, pets], never);
    const before = schema();
    expect(() => migrate(database, [people], never)).toThrow(
      expect.objectContaining({
        code: 'database-newer',
        message: expect.stringMatching(/has version 20 \(change 20.*up to 10; use a newer/),
      }),
    );
    expect(schema()).toEqual(before);
  });

  it('refuses when a file is not the one that was applied', () => {
    migrate(database, [people], never);
    expect(() => migrate(database, [migration(10, `${people.text} -- edited`)], never)).toThrow(
      expect.objectContaining({ code: 'migration-changed', message: expect.stringContaining('change-10 of version 10') }),
    );
  });

  it('refuses a file that comes before one that was applied', () => {
    migrate(database, [people, migration(30, 'CREATE TABLE later (a) ')], never);
    expect(() => migrate(database, [people, pets, migration(30, 'CREATE TABLE later (a) ')], never)).toThrow(
      expect.objectContaining({ code: 'migration-out-of-order', message: expect.stringContaining('20 (change-20) comes before 30') }),
    );
  });
});

describe('the support for tests of migrations', () => {
  it('starts from rows of the version before', () => {
    upgrade([people, pets, migration(30, 'not for this test')], 20, "INSERT INTO people VALUES (7, 'Ada')", (upgraded) => {
      expect(upgraded.queryOnce('SELECT * FROM pets', [])).toEqual([['cat of Ada', 7]]);
    });
  });
});

describe('the lab', () => {
  const real = readMigrations('lab');
  const next = (text: string) => [...real, migration(10 * (real.length + 1), text)];
  const open = (migrations = real) => openLab(folder, [], 'as-left', migrations).lab;
  beforeEach(() => {
    const lab = open();
    saveView(lab, 'mine', 1);
    lab.close();
  });

  it('is backed up, as it was, before its database is changed', () => {
    open(next("UPDATE saved_views SET view = '2'")).close();
    const [backup, ...more] = listBackups(folder);
    expect(more).toEqual([]);
    const before = openSql(backup!.file, 'full');
    expect(before.queryOnce('SELECT view FROM saved_views', [])).toEqual([['1']]);
    expect(before.queryOnce('SELECT max(version) FROM migrations', [])).toEqual([[10 * real.length]]);
    before.close();
    const lab = open(next("UPDATE saved_views SET view = '2'"));
    expect(listViews(lab)).toEqual([{ name: 'mine', view: 2 }]);
    lab.close();
  });

  it('is as it was after a migration that failed, and is not taken for damaged', () => {
    const failing = next("UPDATE saved_views SET view = '2'; INSERT INTO nobody VALUES (1)");
    expect(() => open(failing)).toThrow(expect.objectContaining({ code: 'migration-failed' }));
    const lab = open();
    expect(listViews(lab)).toEqual([{ name: 'mine', view: 1 }]);
    lab.close();
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('of a newer version is refused, untouched, however often', () => {
    open(next('CREATE TABLE from_the_future (a)')).close();
    const before = readFileSync(join(folder, 'lab.db'));
    for (let time = 0; time < 2; time++) expect(() => open()).toThrow(expect.objectContaining({ code: 'database-newer' }));
    expect(readFileSync(join(folder, 'lab.db')).equals(before)).toBe(true);
  });
});
