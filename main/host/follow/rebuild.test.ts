import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { writeAbout } from '../../run-folder/about-file.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { acquireRunLock } from '../../run-folder/run-lock.ts';
import { backUp } from '../store/backups.ts';
import { addTags, changeRun, readAllRuns, readDetails, readRun } from '../store/runs.ts';
import { valuesOf } from '../store/series.ts';
import { checkpointRecord, endRecord, evaluationRecord, metricsRecord, startRecord } from '../store/test-support/records.ts';
import { aSpec, createStoreLab, encodeJournal, type StoreLab } from '../store/test-support/store-lab.ts';
import { rebuildLab, type RebuildOptions } from './rebuild.ts';

let lab: StoreLab;
beforeEach(() => (lab = createStoreLab()));
afterEach(() => lab.remove());

const rebuild = (options: Partial<RebuildOptions> = {}) =>
  rebuildLab(lab.stores, runsFolder(lab.dataFolder), { slotOf: () => 'cpu', ...options });
const row = (id: string) => readRun(lab.stores.lab, id)!;
const lossesOf = (id: string) => valuesOf(lab.stores.series, id, 'loss').map(({ value }) => value);
const train = (to: number) => Array.from({ length: to }, (_, index) => metricsRecord(index + 1, { loss: index + 1, relativeError: 0.5 }));
const finished: JournalRecord[] = [
  startRecord(),
  ...train(20),
  checkpointRecord(10),
  checkpointRecord(20),
  evaluationRecord(20),
  { type: 'log', atMs: 5, level: 'error', message: 'said' },
  endRecord(20, { loss: 3, score: 0.1, picture: 'picture.png' }),
];

describe('making a lab anew from its run folders', () => {
  it('brings back everything that a folder holds', async () => {
    const spec = aSpec({ seed: 7, variant: 'yoked', episodes: 20 });
    const paths = lab.makeFolder('one', finished, spec);
    const about = { name: 'a name', note: 'a note', tags: ['a', 'b'], group: 'g', protected: true, createdAtMs: 12345 };
    writeAbout(paths, about);
    mkdirSync(paths.checkpoints);
    writeFileSync(join(paths.folder, checkpointRecord(20).file), 'there');

    expect(await rebuild({ slotOf: () => 'gpu' })).toEqual({ added: ['one'], skipped: [] });
    expect(row('one')).toMatchObject({
      ...{ spec, name: 'a name', note: 'a note', tags: ['a', 'b'], runGroup: 'g', protected: true, createdAtMs: 12345, slot: 'gpu' },
      ...{ status: 'finished', iteration: 20, episodes: 20, loss: 3, score: 0.1, startedAtMs: 1000, endedAtMs: 4000 },
      ...{ reason: null, reasonCode: null, trashedAtMs: null, queuePlace: null, backend: 'cpu', peakRssBytes: 2e6 },
    });
    expect(row('one').sizeBytes).toBeGreaterThan(encodeJournal(finished).length);
    expect(lossesOf('one')).toEqual(train(20).map(({ values }) => values['loss']));
    const { checkpoints, evaluations, happenings, picture } = readDetails(lab.stores.lab, 'one');
    expect(checkpoints.map(({ iteration, removed }) => [iteration, removed])).toEqual([
      [10, true],
      [20, false],
    ]);
    expect([evaluations.length, happenings.map(({ name }) => name), picture]).toEqual([1, ['started', 'log'], 'picture.png']);
  });

  it.each<[string, JournalRecord[], object]>([
    ['was never begun', [], { status: 'interrupted', iteration: 0 }],
    ['was stopped or paused', [startRecord(), ...train(3), endRecord(3, { status: 'stopped' })], { status: 'stopped', iteration: 3 }],
    [
      'failed',
      [startRecord(), endRecord(0, { status: 'failed', error: { kind: 'failure', code: 'x', message: 'why' } })],
      { status: 'failed', reasonCode: 'x', reason: 'why' },
    ],
    ['lost its trainer', [startRecord(), ...train(3)], { status: 'interrupted', reasonCode: 'trainer-vanished', iteration: 3 }],
    ['was taken up after it had ended', [...finished, startRecord()], { status: 'interrupted' }],
  ])('leaves a run that %s in a state from which it can go on', async (_, records, expected) => {
    lab.makeFolder('one', records);
    await rebuild();
    expect(row('one')).toMatchObject(expected);
  });

  it('takes a run as running that a trainer has', async () => {
    const paths = lab.makeFolder('one', [startRecord(), ...train(3)]);
    const lock = acquireRunLock(paths.lock);
    await rebuild();
    lock.release();
    expect(row('one')).toMatchObject({ status: 'running', reason: null, iteration: 3 });
  });

  it('knows from its id when a run was created that nothing was said of', async () => {
    for (const id of ['20260102-030405-images-free-1-abcd', 'copied']) lab.makeFolder(id);
    writeFileSync(join(lab.paths('copied').folder, 'about.json'), '{"name": 5}');
    await rebuild();
    expect(row('20260102-030405-images-free-1-abcd').createdAtMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(row('copied')).toMatchObject({ name: '', tags: [] });
    expect(Math.abs(row('copied').createdAtMs - Date.now())).toBeLessThan(600_000);
  });

  it('says which folders cannot be taken in and why, and takes in the others', async () => {
    lab.makeFolder('a-good-one', finished);
    lab.makeFolder('b-no-json');
    writeFileSync(lab.paths('b-no-json').spec, '{"version": 1');
    lab.makeFolder('c-no-spec');
    writeFileSync(lab.paths('c-no-spec').spec, '{"version": 1, "experiment": "alchemy"}');
    lab.makeFolder('d-folder-as-journal');
    rmSync(lab.paths('d-folder-as-journal').journal);
    mkdirSync(lab.paths('d-folder-as-journal').journal);
    lab.makeFolder('e-rubbish');
    writeFileSync(lab.paths('e-rubbish').journal, Buffer.alloc(5 * 2 ** 20, 'rubbish\n'));
    mkdirSync(join(runsFolder(lab.dataFolder), 'f-no-run'));
    writeFileSync(join(runsFolder(lab.dataFolder), 'g-a-file'), '');
    lab.makeFolder('z-good-one', finished);

    const { added, skipped } = await rebuild();
    expect(added).toEqual(['a-good-one', 'd-folder-as-journal', 'e-rubbish', 'z-good-one']);
    expect(skipped).toEqual([
      { id: 'b-no-json', reason: expect.stringContaining('it is not JSON') },
      { id: 'c-no-spec', reason: expect.stringContaining('not a valid run spec: variant') },
    ]);
    expect(row('z-good-one').status).toBe('finished');
  });

  it('leaves alone what is not among the runs it is to look at: they may be in the making', async () => {
    for (const id of ['imported', 'in-the-making']) lab.makeFolder(id, finished);
    expect(await rebuild({ ids: ['imported'] })).toEqual({ added: ['imported'], skipped: [] });
    expect([row('imported').status, readRun(lab.stores.lab, 'in-the-making')]).toEqual(['finished', undefined]);
    lab.addRun('in-the-making', { status: 'queued' });
    expect(await rebuild({ ids: ['no-folder'] })).toEqual({ added: [], skipped: [] });
  });

  it('does nothing to what is there already', async () => {
    lab.makeFolder('one', finished);
    await rebuild();
    changeRun(lab.stores.lab, 'one', { status: 'queued', queuePlace: 1, name: 'mine' });
    const before = readAllRuns(lab.stores.lab);
    expect(await rebuild()).toEqual({ added: [], skipped: [] });
    expect(readAllRuns(lab.stores.lab)).toEqual(before);
  });

  it('tells how far it has come, and stops when it is asked to; what was taken in stays', async () => {
    for (const id of ['a', 'b', 'c']) lab.makeFolder(id, finished);
    const stopping = new AbortController();
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number) => {
      progress.push([done, total]);
      if (done === 1) stopping.abort(new Error('enough'));
    };
    await expect(rebuild({ onProgress, signal: stopping.signal })).rejects.toThrow('enough');
    expect(progress).toEqual([
      [0, 3],
      [1, 3],
    ]);
    expect(row('a').status).toBe('finished');
    expect((await rebuild({ onProgress: (done, total) => progress.push([done, total]) })).added).toEqual(['c']);
    expect(progress.at(-1)).toEqual([3, 3]);
    expect(['a', 'b', 'c'].map((id) => [row(id).status, lossesOf(id).length])).toEqual(Array.from({ length: 3 }, () => ['finished', 20]));
  });
});

describe('a database that was lost', () => {
  beforeEach(async () => {
    for (const id of ['one', 'two']) lab.makeFolder(id, finished);
    await rebuild();
  });

  it('is filled again from the journals: series.db', async () => {
    const before = [readAllRuns(lab.stores.lab), lossesOf('two')];
    const { needsRebuild } = lab.reopen(() => truncateSync(join(lab.dataFolder, 'series.db'), 0));
    expect([needsRebuild, lossesOf('two')]).toEqual([true, []]);
    await rebuild();
    expect([readAllRuns(lab.stores.lab), lossesOf('two')]).toEqual(before);
    expect(lab.reopen().needsRebuild).toBe(false);
  });

  it('is brought up to date from the folders where a backup took its place: lab.db', async () => {
    changeRun(lab.stores.lab, 'two', { status: 'queued', queuePlace: 1, name: 'before' });
    backUp(lab.stores.lab, lab.dataFolder);
    // After the backup, the run went on, people said more of it, and another one came.
    writeFileSync(
      lab.paths('two').journal,
      encodeJournal([startRecord({ atMs: 9000 }), endRecord(20, { atMs: 9999 })], finished.length + 1),
      { flag: 'a' },
    );
    changeRun(lab.stores.lab, 'two', { name: 'after', note: 'said later', protected: true });
    addTags(lab.stores.lab, 'two', ['later']);
    lab.makeFolder('three', finished);

    const { isFromBackup, needsRebuild } = lab.reopen(() => truncateSync(join(lab.dataFolder, 'lab.db'), 1000));
    expect([isFromBackup, needsRebuild, row('two').name]).toEqual([true, true, 'before']);
    expect((await rebuild()).added).toEqual(['three']);
    const expected = {
      name: 'after',
      note: 'said later',
      protected: true,
      tags: ['later'],
      status: 'finished',
      queuePlace: null,
      endedAtMs: 9999,
    };
    expect(row('two')).toMatchObject(expected);
    expect(row('three').status).toBe('finished');
  });
});
