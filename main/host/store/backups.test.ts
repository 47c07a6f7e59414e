import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp, isBackupDue, listBackups } from './backups.ts';
import { fileTime, parseFileTime } from './file-time.ts';
import { openSql } from './sql.ts';
import { createStoreLab, type StoreLab } from './test-support/store-lab.ts';
import { saveView } from './views.ts';

const hourMs = 3600 * 1000;
const dayMs = 24 * hourMs;
const now = Date.UTC(2026, 10, 25, 12);

let lab: StoreLab;
beforeEach(() => (lab = createStoreLab()));
afterEach(() => lab.remove());

const backUpAt = (timeMs: number) => basename(backUp(lab.stores.lab, lab.dataFolder, timeMs).file);
const names = (nowMs = now) => listBackups(lab.dataFolder, nowMs).map(({ file }) => basename(file));

describe('a backup', () => {
  it('is a sound database with what had been written by then, also what is still in the write-ahead log', () => {
    saveView(lab.stores.lab, 'first', 1);
    const { file, bytes } = backUp(lab.stores.lab, lab.dataFolder);
    saveView(lab.stores.lab, 'second', 2);
    const copy = openSql(file, 'full');
    expect(copy.queryOnce('SELECT name FROM saved_views', [])).toEqual([['first']]);
    expect(copy.queryOnce('PRAGMA integrity_check', [])).toEqual([['ok']]);
    copy.close();
    expect(bytes).toBeGreaterThan(0);
  });

  it('is whole or not there', () => {
    rmSync(lab.stores.lab.path);
    lab.stores.lab.close();
    expect(() => backUp(lab.stores.lab, lab.dataFolder)).toThrow();
    expect(readdirSync(join(lab.dataFolder, 'backups'))).toEqual([]);
  });

  it('takes away what a killed host had not finished, and the oldest of more than seven', () => {
    const made = Array.from({ length: 9 }, (_, day) => backUpAt(now + (day - 8) * dayMs));
    expect(names()).toEqual(made.slice(2).reverse());
    const unfinished = join(lab.dataFolder, 'backups', `lab-${fileTime(new Date(now))}.db.123.unfinished`);
    const foreign = join(lab.dataFolder, 'backups', 'lab-of-mine.db');
    for (const file of [unfinished, foreign]) writeFileSync(file, '');
    backUpAt(now + hourMs);
    expect([existsSync(unfinished), existsSync(foreign)]).toEqual([false, true]);
    expect(names(now + hourMs)).toHaveLength(7);
  });
});

describe('when a backup is due', () => {
  it('is once a day', () => {
    expect(isBackupDue(lab.dataFolder, now)).toBe(true);
    backUpAt(now);
    expect(isBackupDue(lab.dataFolder, now + 23 * hourMs)).toBe(false);
    expect(isBackupDue(lab.dataFolder, now + 25 * hourMs)).toBe(true);
  });

  it('is also once a day after the clock has jumped back, and new ones are kept before those of the future', () => {
    const future = Array.from({ length: 7 }, (_, day) => backUpAt(now + (500 + day) * dayMs));
    expect(isBackupDue(lab.dataFolder, now)).toBe(true);
    const made = backUpAt(now);
    expect(names()).toEqual([made, ...future.slice(1).reverse()]);
    expect(isBackupDue(lab.dataFolder, now + hourMs)).toBe(false);
  });
});

describe('times in file names', () => {
  it('are read as they were written', () => {
    expect(fileTime(new Date(now + 7))).toBe('20261125-120000007');
    expect(parseFileTime('20261125-120000007')).toBe(now + 7);
    for (const other of ['', '20261125', '20261325-120000007', 'x20261125-120000007']) expect(parseFileTime(other)).toBeUndefined();
  });
});
