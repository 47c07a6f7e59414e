import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { backUp } from './backups.ts';
import { findSeriesDamage, isSeriesCheckDue, noteSeriesCheck } from './check-series.ts';
import { damageMarker } from './damage-marker.ts';
import { readAllRuns } from './runs.ts';
import { metricNames, valuesOf } from './series.ts';
import { createSeriesWriter } from './series-writer.ts';
import { metricsRecord } from './test-support/records.ts';
import { createStoreLab, type StoreLab } from './test-support/store-lab.ts';

let lab: StoreLab;
beforeEach(() => (lab = createStoreLab()));
afterEach(() => lab.remove());

const ids = () => readAllRuns(lab.stores.lab).map(({ id }) => id);
const aside = (name: string) => readdirSync(lab.dataFolder).filter((file) => file.startsWith(`${name}.damaged-`));

/** Random bytes over the middle of the file, as a failing disk leaves them. */
function putGarbage(path: string): void {
  const bytes = readFileSync(path);
  const random = createRandom(1, 'garbage');
  for (let at = Math.floor(bytes.length * 0.2); at < bytes.length * 0.9; at++) bytes[at] = random.integer(0, 255);
  writeFileSync(path, bytes);
}

const damages: [string, (path: string) => void][] = [
  ['truncated', (path) => truncateSync(path, Math.floor(statSync(path).size / 2) + 100)],
  ['with garbage in the middle', putGarbage],
  ['with garbage from the beginning', (path) => writeFileSync(path, 'this is no database '.repeat(1000))],
  ['of no length', (path) => truncateSync(path, 0)],
];

describe('lab.db', () => {
  beforeEach(() => {
    for (let run = 0; run < 200; run++) lab.addRun(`run-${run}`, { status: 'finished', note: `${run} `.repeat(50) });
    backUp(lab.stores.lab, lab.dataFolder);
    lab.addRun('after-the-backup');
  });
  const path = () => join(lab.dataFolder, 'lab.db');

  it.each(damages)('%s is put aside as it is, and the latest backup takes its place', (_, damage) => {
    let damaged: Buffer | undefined;
    const { notices, isFromBackup } = lab.reopen(() => {
      damage(path());
      damaged = readFileSync(path());
    });
    expect(ids()).toHaveLength(200);
    const [file] = aside('lab').filter((name) => name.endsWith('.db'));
    expect(readFileSync(join(lab.dataFolder, file!)).equals(damaged!)).toBe(true);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^lab\.db was damaged \(.+\) and is now lab\.damaged-.+\.db; the backup lab-.+\.db took its place; /);
    expect(isFromBackup).toBe(true);
    expect(lab.reopen().notices).toEqual([]);
    expect([lab.stores.isFromBackup, ids().length]).toEqual([false, 200]);
  });

  it('missing is replaced by the latest backup', () => {
    const { notices } = lab.reopen(() => rmSync(path()));
    expect(notices).toEqual([expect.stringMatching(/^lab\.db was missing; the backup lab-.+\.db took its place; /)]);
    expect(ids()).toHaveLength(200);
  });

  it('is replaced by the latest backup that is good', () => {
    saveSecondBackup();
    const { notices } = lab.reopen(() => {
      putGarbage(path());
      const [newest] = readdirSync(join(lab.dataFolder, 'backups')).sort().reverse();
      truncateSync(join(lab.dataFolder, 'backups', newest!), 5000);
    });
    expect(notices[0]).toContain('took its place');
    expect(ids()).toHaveLength(200);
    expect(readdirSync(lab.dataFolder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('begins empty where no backup is good, and says that the run folders are taken in', () => {
    lab.makeFolder('run-1');
    const { notices, needsRebuild } = lab.reopen(() => {
      putGarbage(path());
      rmSync(join(lab.dataFolder, 'backups'), { recursive: true });
    });
    expect([ids(), needsRebuild]).toEqual([[], true]);
    expect(notices[0]).toContain('there was no good backup, so the lab begins empty; what the run folders hold is taken in from them');
    expect(aside('lab')).toHaveLength(1);
  });

  it('with a write-ahead log that a killed host has left is whole', () => {
    const copy = createStoreLab();
    lab.addRun('not in the file yet');
    copy.reopen(() => {
      for (const suffix of ['', '-wal', '-shm']) cpSync(`${path()}${suffix}`, join(copy.dataFolder, `lab.db${suffix}`));
    });
    expect(readAllRuns(copy.stores.lab)).toHaveLength(202);
    expect(copy.stores.notices).toEqual([]);
    copy.remove();
  });

  it('that cannot be opened for another reason than damage is not put aside', () => {
    lab.stores.close();
    rmSync(path());
    mkdirSync(path());
    expect(() => lab.reopen()).toThrow();
    expect(aside('lab')).toEqual([]);
  });
});

describe('series.db', () => {
  const path = () => join(lab.dataFolder, 'series.db');
  const values = () => valuesOf(lab.stores.series, 'run', 'loss').length;
  const position = { offset: 1000, sequence: 3001, mark: 7 };

  beforeEach(() => {
    const records = Array.from({ length: 3000 }, (_, index) => metricsRecord(index + 1, { loss: index }));
    lab.makeFolder('run');
    lab.addRun('run');
    lab.stores.lab.exec('UPDATE runs SET journal_offset = 1000, journal_sequence = 3001, journal_mark = 7');
    createSeriesWriter(lab.stores.series, 'run').take(records, position);
  });

  it('is left as it is while it is sound, and needs no rebuild', () => {
    const { notices, needsRebuild } = lab.reopen();
    expect([values(), notices, needsRebuild]).toEqual([3000, [], false]);
  });

  it.each(damages.filter(([name]) => name !== 'with garbage in the middle'))('%s is put aside and to be filled again', (_, damage) => {
    const { notices, needsRebuild } = lab.reopen(() => damage(path()));
    expect(notices).toEqual([expect.stringContaining('its metrics are read again from the run folders')]);
    expect([aside('series').length, needsRebuild]).toEqual([1, true]);
  });

  it('missing is to be filled again', () => {
    expect(lab.reopen(() => rmSync(path())).needsRebuild).toBe(true);
    // A host that was killed before it had done so leaves it to the next one.
    expect(lab.reopen().needsRebuild).toBe(true);
    createSeriesWriter(lab.stores.series, 'run').take([], position);
    expect(lab.reopen().needsRebuild).toBe(false);
  });

  it('does not wait for what no journal holds any more', () => {
    expect(lab.reopen(() => [path(), lab.paths('run').journal].forEach((file) => rmSync(file))).needsRebuild).toBe(false);
  });

  it('with garbage in the middle is found when it is read, and put aside at the next start', () => {
    lab.reopen(() => putGarbage(path()));
    expect(() => values()).toThrow(expect.objectContaining({ code: 'database-damaged' }));
    const { notices, needsRebuild } = lab.reopen();
    expect(notices).toEqual([expect.stringMatching(/^series\.db was damaged and is now series\.damaged-.+; its metrics are read again/)]);
    expect([metricNames(lab.stores.series, 'run'), needsRebuild]).toEqual([[], true]);
    expect(existsSync(damageMarker(lab.dataFolder))).toBe(false);
    expect(lab.reopen().notices).toEqual([]);
  });
});

describe('the check of series.db', () => {
  const check = () => findSeriesDamage(lab.stores.series, new AbortController().signal);

  it('finds nothing wrong with a sound database that is being written', async () => {
    const writer = createSeriesWriter(lab.stores.series, 'run');
    writer.take([metricsRecord(1, { loss: 1 })], { offset: 1, sequence: 2, mark: 0 });
    const checking = check();
    writer.take([metricsRecord(2, { loss: 1 })], { offset: 2, sequence: 3, mark: 0 });
    expect(await checking).toBeUndefined();
  });

  it('finds garbage in the middle', async () => {
    const records = Array.from({ length: 3000 }, (_, index) => metricsRecord(index + 1, { loss: index }));
    createSeriesWriter(lab.stores.series, 'run').take(records, { offset: 1, sequence: 3001, mark: 0 });
    lab.reopen(() => putGarbage(join(lab.dataFolder, 'series.db')));
    expect(await check()).toMatch(/^[^\n]+$/);
  });

  it('gives up at once when it is asked to', async () => {
    expect(await findSeriesDamage(lab.stores.series, AbortSignal.abort())).toBeUndefined();
  });

  it('says when it cannot be done', async () => {
    await expect(
      findSeriesDamage({ ...lab.stores.series, path: join(lab.dataFolder, 'nowhere.db') }, new AbortController().signal),
    ).rejects.toThrow('the check of series.db ended with code 1');
  });

  it('is due once a day, whatever day the clock says', () => {
    const now = Date.UTC(2026, 10, 25, 12);
    expect(isSeriesCheckDue(lab.stores.series, now)).toBe(true);
    noteSeriesCheck(lab.stores.series, now);
    lab.reopen();
    expect(isSeriesCheckDue(lab.stores.series, now + 3600_000)).toBe(false);
    expect(isSeriesCheckDue(lab.stores.series, now + 24 * 3600_000)).toBe(true);
    expect(isSeriesCheckDue(lab.stores.series, now - 24 * 3600_000)).toBe(true);
  });
});

function saveSecondBackup(): void {
  backUp(lab.stores.lab, lab.dataFolder, Date.now() + 10);
}
