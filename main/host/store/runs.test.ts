import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAbout } from '../../run-folder/about-file.ts';
import { addHappening, listHappenings, newestHappenings } from './happenings.ts';
import { addTags, changeRun, deleteRun, insertRuns, readDetails, readRun, removeTags, resolveRunId, runsWithStatus } from './runs.ts';
import { changeSettings, defaultSettings, readSettings } from './settings.ts';
import { aSpec, createStoreLab, type StoreLab } from './test-support/store-lab.ts';
import { listViews, removeView, saveView } from './views.ts';

let lab: StoreLab;
beforeEach(() => (lab = createStoreLab()));
afterEach(() => lab.remove());

const read = (id: string) => readRun(lab.stores.lab, id);

describe('a run', () => {
  it('is there as it was put in, also after the lab was closed', () => {
    const spec = aSpec({ seed: Number.MAX_SAFE_INTEGER, batch: 8, variant: 'yoked' });
    const about = { name: 'Größe "x" \u0000 %_\'', note: 'two\nlines', group: 'g', tags: ['b', 'a', 'b'], protected: true };
    lab.addRun('one', { spec, status: 'queued', queuePlace: 1.5, createdAtMs: 1795618833355, slot: 'gpu', ...about });
    lab.reopen();
    expect(read('one')).toMatchObject({
      ...{ id: 'one', spec, name: about.name, note: about.note, runGroup: 'g', tags: ['a', 'b'], protected: true },
      ...{ status: 'queued', queuePlace: 1.5, createdAtMs: 1795618833355, slot: 'gpu' },
      ...{ environment: {}, spark: [], loss: null, iteration: 0, journalSequence: 1, dataset: null },
    });
    expect(read('two')).toBeUndefined();
  });

  it('is put in with all others or not at all', () => {
    lab.addRun('taken');
    const runs = ['new', 'taken'].map((id) => ({ id, spec: aSpec(), status: 'queued' as const, slot: 'cpu' as const, createdAtMs: 1 }));
    expect(() => insertRuns(lab.stores.lab, runs)).toThrow(/UNIQUE/);
    expect(read('new')).toBeUndefined();
  });

  it('changes in what is named, and in nothing else', () => {
    lab.addRun('one', { name: 'a name', tags: ['kept'] });
    lab.addRun('other');
    const [before, other] = [read('one')!, read('other')];
    const dataset = { name: 'd', format: 'f', sha256: 's', note: '' };
    const changes = { status: 'failed', reasonCode: 'x', reason: 'why', dataset, spark: [1, 2.5], protected: true, loss: 0.1 } as const;
    expect(changeRun(lab.stores.lab, 'one', { ...changes, picture: undefined as never })).toEqual({ ...before, ...changes });
    expect(read('one')).toEqual({ ...before, ...changes });
    expect(read('other')).toEqual(other);
    expect(changeRun(lab.stores.lab, 'one', {})).toEqual(read('one'));
    expect(() => changeRun(lab.stores.lab, 'none', { loss: 1 })).toThrow('there is no run none');
  });

  it('with another spec changes in all that follows from it', () => {
    lab.addRun('one');
    changeRun(lab.stores.lab, 'one', { spec: aSpec({ episodes: 77, seed: 5 }) });
    const columns = lab.stores.lab.queryOnce('SELECT target_episodes, seed FROM runs', []);
    expect(columns).toEqual([[77, 5]]);
  });

  it('is refused a status that there is not', () => {
    lab.addRun('one');
    expect(() => changeRun(lab.stores.lab, 'one', { status: 'lost' as never })).toThrow(/CHECK/);
  });

  it('goes with everything that belongs to it', () => {
    lab.addRun('one', { tags: ['a'] });
    addHappening(lab.stores.lab, 'one', { source: 'host', level: 'info', name: 'x', message: 'y' });
    deleteRun(lab.stores.lab, 'one');
    for (const table of ['runs', 'tags', 'happenings']) expect(lab.stores.lab.queryOnce(`SELECT * FROM ${table}`, [])).toEqual([]);
  });

  it('is listed by its state: queued ones as they are to start, without those in the trash', () => {
    lab.addRun('late', { status: 'queued', queuePlace: 2 });
    lab.addRun('early', { status: 'queued', queuePlace: 1 });
    lab.addRun('trashed', { status: 'queued', queuePlace: 0 });
    lab.addRun('done', { status: 'finished' });
    changeRun(lab.stores.lab, 'trashed', { trashedAtMs: 5 });
    expect(runsWithStatus(lab.stores.lab, ['queued', 'running']).map(({ id }) => id)).toEqual(['early', 'late']);
  });
});

describe('tags', () => {
  it('are added once and removed, and are in alphabetical order', () => {
    lab.addRun('one', { tags: ['m'] });
    addTags(lab.stores.lab, 'one', ['z', 'a', 'z', 'ä']);
    removeTags(lab.stores.lab, 'one', ['m', 'never there']);
    expect(read('one')!.tags).toEqual(['a', 'z', 'ä']);
  });
});

describe('what people say of a run', () => {
  const about = () => readAbout(lab.paths('one'));

  it('is kept in its folder as well', () => {
    lab.makeFolder('one');
    lab.addRun('one', { name: 'first', createdAtMs: 7 });
    expect(about()).toEqual({ name: 'first', note: '', tags: [], group: '', protected: false, createdAtMs: 7 });
    changeRun(lab.stores.lab, 'one', { name: 'second', note: 'n', runGroup: 'g', protected: true });
    addTags(lab.stores.lab, 'one', ['t', 's']);
    const many = Array.from({ length: 49 }, (_, number) => `tag ${number}`);
    expect(() => addTags(lab.stores.lab, 'one', many)).toThrow('a run has at most 50 tags, and one would have 51');
    removeTags(lab.stores.lab, 'one', ['t']);
    expect(about()).toEqual({ name: 'second', note: 'n', tags: ['s'], group: 'g', protected: true, createdAtMs: 7 });
  });

  it('is not written for what the journal says', () => {
    const { folder } = lab.makeFolder('one');
    lab.addRun('one');
    const before = readFileSync(join(folder, 'about.json'));
    changeRun(lab.stores.lab, 'one', { iteration: 5, loss: 1 });
    expect(readFileSync(join(folder, 'about.json')).equals(before)).toBe(true);
  });

  it('is not changed at all where it cannot be written into the folder', () => {
    const { folder } = lab.makeFolder('one');
    lab.addRun('one', { name: 'before', tags: ['kept'] });
    rmSync(join(folder, 'about.json'));
    mkdirSync(join(folder, 'about.json'));
    expect(() => changeRun(lab.stores.lab, 'one', { name: 'after' })).toThrow();
    expect(() => removeTags(lab.stores.lab, 'one', ['kept'])).toThrow();
    expect(read('one')).toMatchObject({ name: 'before', tags: ['kept'] });
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });
});

describe('what happened to a run', () => {
  it('is told in order, from where one was or the newest', () => {
    lab.addRun('one');
    lab.addRun('other');
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      addHappening(lab.stores.lab, 'one', { source: 'host', level: 'info', name, message: '', atMs: index + 0.4 });
      addHappening(lab.stores.lab, 'other', { source: 'host', level: 'info', name: 'x', message: '' });
    }
    const all = listHappenings(lab.stores.lab, 'one');
    expect(all.map(({ name, happenedAtMs }) => [name, happenedAtMs])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    expect(listHappenings(lab.stores.lab, 'one', all[0]!.id)).toEqual(all.slice(1));
    expect(newestHappenings(lab.stores.lab, 'one', 2)).toEqual(all.slice(1));
    expect(readDetails(lab.stores.lab, 'one').happenings).toEqual(all);
  });
});

describe('an id as somebody typed it', () => {
  const resolve = (argument: string) => resolveRunId(lab.stores.lab, argument);
  beforeEach(() => {
    lab.addRun('20260101-000000-images-free-1-aaaa', { createdAtMs: 30 });
    lab.addRun('20260101-000000-images-free-1-aaaa-2', { createdAtMs: 20 });
    lab.addRun('20260202-000000-images-free-1-%_bb', { createdAtMs: 40 });
  });

  it('is the whole id, or a beginning that no other has', () => {
    expect(resolve('20260101-000000-images-free-1-aaaa')).toBe('20260101-000000-images-free-1-aaaa');
    expect(resolve('20260101-000000-images-free-1-aaaa-')).toBe('20260101-000000-images-free-1-aaaa-2');
    expect(resolve('202602')).toBe('20260202-000000-images-free-1-%_bb');
  });

  it('takes no letter for a pattern', () => {
    for (const pattern of ['%', '2026%', '20260202-000000-images-free-1-__', '*', ''])
      expect(() => resolve(pattern)).toThrow(expect.objectContaining({ kind: 'input', code: 'unknown-run' }));
  });

  it('is the newest one that is not in the trash for `last`', () => {
    expect(resolve('last')).toBe('20260202-000000-images-free-1-%_bb');
    changeRun(lab.stores.lab, '20260202-000000-images-free-1-%_bb', { trashedAtMs: 1 });
    expect(resolve('last')).toBe('20260101-000000-images-free-1-aaaa');
    expect(resolve('202602')).toBe('20260202-000000-images-free-1-%_bb');
  });

  it('of two runs that were created in the same moment, is the one that was put in last', () => {
    lab.addRun('b', { createdAtMs: 50 });
    lab.addRun('a', { createdAtMs: 50 });
    expect(resolve('last')).toBe('a');
  });

  it('that fits several names some of them', () => {
    expect(() => resolve('202601')).toThrow(
      expect.objectContaining({
        code: 'ambiguous-run',
        message: expect.stringMatching(/^"202601" is the beginning of 2 runs: .*aaaa, .*aaaa-2$/),
      }),
    );
  });

  it('that fits none names the nearest', () => {
    expect(() => resolve('20260101-000000-images-free-2-aaaa')).toThrow(
      expect.objectContaining({
        code: 'unknown-run',
        message: expect.stringMatching(/did you mean "20260101-000000-images-free-1-aaaa"\?$/),
      }),
    );
    expect(() => resolve('x')).toThrow(/^there is no run "x" in [^;]+$/);
  });

  it('says so where there is no run yet', () => {
    for (const { id } of runsWithStatus(lab.stores.lab, ['running'])) deleteRun(lab.stores.lab, id);
    expect(() => resolve('last')).toThrow(/^there is no run yet in /);
  });
});

describe('settings', () => {
  it('are the defaults until they are set, one by one', () => {
    expect(readSettings(lab.stores.lab)).toEqual(defaultSettings);
    expect(changeSettings(lab.stores.lab, { gpuSlots: 3 })).toEqual({ ...defaultSettings, gpuSlots: 3 });
    lab.reopen();
    expect(readSettings(lab.stores.lab)).toEqual({ ...defaultSettings, gpuSlots: 3 });
  });

  it('count as not set where they do not keep to the rules', () => {
    lab.stores.lab.exec(
      `INSERT INTO settings VALUES ('gpuSlots', '-1'), ('cpuSlots', '"two"'), ('unheard-of', '1'), ('resumeInterrupted', 'tru')`,
    );
    expect(readSettings(lab.stores.lab)).toEqual(defaultSettings);
  });
});

describe('saved views', () => {
  it('are replaced by their names', () => {
    saveView(lab.stores.lab, 'b', { columns: ['loss'] });
    saveView(lab.stores.lab, 'a', null);
    saveView(lab.stores.lab, 'b', ['other']);
    expect(listViews(lab.stores.lab)).toEqual([
      { name: 'a', view: null },
      { name: 'b', view: ['other'] },
    ]);
    expect([removeView(lab.stores.lab, 'a'), removeView(lab.stores.lab, 'a')]).toEqual([true, false]);
  });
});
