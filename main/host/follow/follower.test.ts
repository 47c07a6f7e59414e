import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { acquireRunLock } from '../../run-folder/run-lock.ts';
import type { Stores } from '../store/open-stores.ts';
import { changeRun, readRun } from '../store/runs.ts';
import { valuesOf } from '../store/series.ts';
import { checkpointRecord, endRecord, evaluationRecord, metricsRecord, rewindRecord, startRecord } from '../store/test-support/records.ts';
import { aSpec, createStoreLab, encodeJournal, type StoreLab } from '../store/test-support/store-lab.ts';
import { createFollower, type Follower } from './follower.ts';

let lab: StoreLab;
let follower: Follower;
beforeEach(() => {
  lab = createStoreLab();
  lab.makeFolder('run');
  lab.addRun('run');
  follower = createFollower(lab.stores, 'run', lab.paths('run'));
});
afterEach(() => {
  vi.useRealTimers();
  lab.remove();
});

const journal = () => lab.paths('run').journal;
const losses = (stores = lab.stores) => valuesOf(stores.series, 'run', 'loss').map(({ value }) => value);
const train = (from: number, to: number, loss = (iteration: number) => iteration) =>
  Array.from({ length: to - from + 1 }, (_, index) => metricsRecord(from + index, { loss: loss(from + index), relativeError: 0.5 }));

/** A run that was taken up once: the iterations 31 to 40 came twice. */
const history: JournalRecord[] = [
  startRecord(),
  ...train(1, 20),
  { type: 'log', atMs: 1500, level: 'warning', message: 'ü – "quoted"\nline' },
  ...train(21, 30),
  checkpointRecord(30),
  evaluationRecord(30),
  ...train(31, 40, () => 1000),
  checkpointRecord(40),
  evaluationRecord(40),
  startRecord({ atMs: 1900, iteration: 30, episodes: 30, pid: 43 }),
  rewindRecord(30),
  ...train(31, 50),
  { type: 'event', atMs: 2500, name: 'something', message: 'happened' },
  { type: 'event', atMs: 2600, name: 'verdict', message: 'not learning', level: 'warning' },
  checkpointRecord(50),
  endRecord(50, { loss: 33, score: 0.25, picture: 'picture.png' }),
];

/** Everything that both databases hold of the run. */
function dump({ lab, series }: Stores) {
  const query = (database: Stores['lab'] | Stores['series'], text: string) => database.queryOnce(text, []);
  return {
    run: readRun(lab, 'run'),
    checkpoints: query(lab, 'SELECT * FROM checkpoints ORDER BY file'),
    evaluations: query(lab, 'SELECT * FROM evaluations ORDER BY iteration'),
    happenings: query(lab, "SELECT happened_at_ms, source, level, name, message FROM happenings WHERE source = 'trainer' ORDER BY id"),
    followed: query(series, 'SELECT run_id, journal_offset, journal_sequence, journal_mark FROM followed'),
    metrics: query(series, 'SELECT iteration, hex(metric_values) FROM metrics ORDER BY iteration'),
    buckets: query(series, 'SELECT level, bucket, hex(summaries) FROM buckets ORDER BY level, bucket'),
  };
}

/** What a lab holds that has read this journal at once. */
function readAtOnce(path = journal()) {
  const other = createStoreLab();
  other.makeFolder('run');
  cpSync(path, other.paths('run').journal, { preserveTimestamps: true });
  other.addRun('run');
  createFollower(other.stores, 'run', other.paths('run')).poll();
  const result = dump(other.stores);
  other.remove();
  return result;
}

describe('following a journal', () => {
  it('brings what its records say', () => {
    writeFileSync(journal(), encodeJournal(history));
    const { records, first, next, more } = follower.poll();
    expect([records.length, first, next, more]).toEqual([history.length, 1, history.length + 1, false]);
    const { run, checkpoints, evaluations, happenings } = dump(lab.stores);
    expect(run).toMatchObject({
      ...{ status: 'finished', iteration: 50, episodes: 50, seconds: 50, episodesPerSecond: 1, loss: 33, score: 0.25 },
      ...{ startedAtMs: 1000, endedAtMs: 4000, pid: 43, backend: 'cpu', codeVersion: '0.1.0', picture: 'picture.png' },
      ...{ peakRssBytes: 2e6, journalProblem: null, datasetSha256: 'ab', reason: null },
    });
    expect(run!.spark.length).toBeGreaterThan(20);
    expect(losses()).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect([checkpoints.length, evaluations.length]).toEqual([2, 1]);
    expect(happenings.map(([, , level, name]) => [level, name])).toEqual([
      ['info', 'started'],
      ['warning', 'log'],
      ['info', 'started'],
      ['info', 'rewound'],
      ['info', 'something'],
      ['warning', 'verdict'],
    ]);
  });

  it("averages the latest episodes as the run's score wants it", () => {
    const averageOf = (experiment: string, name: string) => {
      const other = createStoreLab();
      try {
        const spec = aSpec({ experiment });
        const records = [metricsRecord(1, { loss: 1, [name]: 0.5 }), metricsRecord(2, { loss: 6, [name]: 1 })];
        const paths = other.makeFolder('run', records, spec);
        other.addRun('run', { spec });
        createFollower(other.stores, 'run', paths).poll();
        return readRun(other.stores.lab, 'run')?.score;
      } finally {
        other.remove();
      }
    };
    // Mean loss ÷ mean of the losses that the errors are relative to: 7 ÷ (2 + 6).
    expect(averageOf('images', 'relativeError')).toBeCloseTo(7 / 8, 12);
    expect(averageOf('binary', 'wrongBits')).toBeCloseTo(0.75, 12);
    expect(averageOf('binary', 'relativeError')).toBeNull();
  });

  it('takes each record once, however it comes, also in the midst of a record', () => {
    const bytes = Buffer.from(encodeJournal(history));
    writeFileSync(journal(), bytes);
    const expected = readAtOnce();
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { minLength: 1, maxLength: 12 }), fc.boolean(), (cuts, reopen) => {
        const other = createStoreLab();
        const paths = other.makeFolder('run');
        other.addRun('run');
        let follow = createFollower(other.stores, 'run', paths);
        const seen: JournalRecord[] = [];
        let next = 1;
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          writeFileSync(paths.journal, bytes.subarray(0, cut));
          if (reopen) follow = createFollower(other.reopen(), 'run', paths);
          const polled = follow.poll();
          expect(polled.first).toBe(next);
          ({ next } = polled);
          seen.push(...polled.records);
        }
        const result = dump(other.stores);
        other.remove();
        expect(seen).toEqual(history);
        expect({ ...result, run: { ...result.run, heardAtMs: 0 } }).toEqual({ ...expected, run: { ...expected.run, heardAtMs: 0 } });
      }),
      { numRuns: 25 },
    );
  });

  it('comes to the same whichever database a crash has left behind', () => {
    const batches = [0, 15, 36, 48, 60, history.length];
    const copies = batches.slice(1).map((to, index) => {
      appendFileSync(journal(), encodeJournal(history.slice(batches[index], to), batches[index]! + 1));
      follower.poll();
      const copy = join(lab.dataFolder, `copy-${index}`);
      mkdirSync(copy);
      for (const name of ['lab.db', 'series.db'])
        for (const suffix of ['', '-wal']) cpSync(join(lab.dataFolder, name + suffix), join(copy, name + suffix));
      return copy;
    });
    const expected = dump(lab.stores);
    expect(expected).toEqual(readAtOnce());
    const crashed = createStoreLab();
    const paths = crashed.makeFolder('run');
    cpSync(journal(), paths.journal, { preserveTimestamps: true });
    for (const labCopy of copies) {
      for (const seriesCopy of copies) {
        const stores = crashed.reopen(() => {
          for (const [from, name] of [
            [labCopy, 'lab.db'],
            [seriesCopy, 'series.db'],
          ] as const) {
            for (const suffix of ['-wal', '-shm', '']) rmSync(join(crashed.dataFolder, name + suffix), { force: true });
            for (const suffix of ['', '-wal']) cpSync(join(from, name + suffix), join(crashed.dataFolder, name + suffix));
          }
        });
        expect(stores.needsRebuild).toBe(labCopy !== seriesCopy);
        createFollower(stores, 'run', paths).poll();
        expect(dump(stores)).toEqual(expected);
      }
    }
    crashed.remove();
  });

  it('stops after so many chunks when it is asked to, and goes on from there', () => {
    const long = [startRecord(), ...train(1, 40_000)];
    writeFileSync(journal(), encodeJournal(long));
    let polls = 0;
    const seen: JournalRecord[] = [];
    for (let more = true; more; polls++) {
      const polled = follower.poll(1);
      for (const record of polled.records) seen.push(record);
      ({ more } = polled);
    }
    expect(polls).toBeGreaterThan(1);
    expect(seen).toHaveLength(long.length);
    expect(valuesOf(lab.stores.series, 'run', 'loss')).toHaveLength(40_000);
  });

  it('of a paused run knows that it was not stopped', () => {
    changeRun(lab.stores.lab, 'run', { intent: 'pause', reasonCode: 'disk-low', reason: 'no space' });
    writeFileSync(journal(), encodeJournal([startRecord(), ...train(1, 3)]));
    follower.poll();
    changeRun(lab.stores.lab, 'run', { intent: 'pause', reasonCode: 'disk-low', reason: 'no space' });
    appendFileSync(journal(), encodeJournal([endRecord(3, { status: 'stopped' })], 5));
    follower.poll();
    expect(readRun(lab.stores.lab, 'run')).toMatchObject({ status: 'paused', intent: null, reasonCode: 'disk-low', reason: 'no space' });
  });

  it('of a failed run says why', () => {
    const error = { kind: 'failure', code: 'loss-not-finite', message: 'the loss is not finite' } as const;
    writeFileSync(journal(), encodeJournal([startRecord(), endRecord(0, { status: 'failed', error })]));
    follower.poll();
    expect(readRun(lab.stores.lab, 'run')).toMatchObject({ status: 'failed', reasonCode: error.code, reason: error.message });
  });
});

describe('a journal that cannot be read', () => {
  const problem = () => readRun(lab.stores.lab, 'run')!.journalProblem;

  it('is no problem before the trainer has made it', () => {
    rmSync(journal());
    expect(follower.poll()).toEqual({ records: [], first: 1, next: 1, more: false });
    expect(problem()).toBeNull();
  });

  it('is a problem when it is gone, and none when it is back', () => {
    writeFileSync(journal(), encodeJournal(history.slice(0, 5)));
    follower.poll();
    const bytes = readFileSync(journal());
    rmSync(journal());
    follower.poll();
    expect(problem()).toBe('the journal is gone, or cannot be read');
    writeFileSync(journal(), bytes);
    follower.poll();
    expect([problem(), losses()]).toEqual([null, [1, 2, 3, 4]]);
  });

  it('is one when a folder has its name', () => {
    rmSync(journal());
    mkdirSync(journal());
    expect(follower.poll().records).toEqual([]);
  });

  it('is read up to a torn end, which is said only when it stays torn', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const whole = encodeJournal(history.slice(0, 5));
    writeFileSync(journal(), whole.slice(0, -10));
    follower.poll();
    expect([losses(), problem()]).toEqual([[1, 2, 3], null]);
    vi.advanceTimersByTime(2500);
    follower.poll();
    expect(problem()).toMatch(/^the journal cannot be read on from byte \d+, record 5: the record has no end$/);
    writeFileSync(journal(), whole);
    follower.poll();
    expect([losses(), problem()]).toEqual([[1, 2, 3, 4], null]);
  });

  it.each([
    ['rubbish', Buffer.from('this is no journal\n'.repeat(50))],
    ['nothing but newlines', Buffer.from('\n'.repeat(50))],
    ['random bytes', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256))],
    ['zeros, as a power cut leaves them', Buffer.alloc(4096)],
  ])('is read up to %s', (_, rubbish) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    writeFileSync(journal(), Buffer.concat([Buffer.from(encodeJournal(history.slice(0, 5))), rubbish]));
    follower.poll();
    vi.advanceTimersByTime(2500);
    expect(follower.poll()).toMatchObject({ records: [], more: false });
    expect(losses()).toEqual([1, 2, 3, 4]);
    expect(problem()).toContain('record 6');
  });

  it('of more rubbish than a chunk is read up to it', () => {
    writeFileSync(journal(), Buffer.concat([Buffer.from(encodeJournal(history.slice(0, 5))), Buffer.alloc(9 * 2 ** 20)]));
    expect(follower.poll()).toMatchObject({ next: 6, more: false });
    expect(follower.poll(1)).toMatchObject({ next: 6, more: false });
  });

  it('passes over records that this version does not know', () => {
    const unknown = { type: 'from-the-future', iteration: 2 } as unknown as JournalRecord;
    writeFileSync(journal(), encodeJournal([startRecord(), unknown, ...train(1, 2)]));
    expect(follower.poll()).toMatchObject({ next: 5 });
    expect([losses(), problem()]).toEqual([[1, 2], null]);
  });
});

describe('a journal that is no longer the one that was followed', () => {
  /** After a power cut: what was in the journal behind `kept` records is gone, and a new session wrote other things. */
  const cut = (kept: number, rest: readonly JournalRecord[]) =>
    writeFileSync(journal(), encodeJournal([...history.slice(0, kept), ...rest]));
  const session = (iteration: number) => [startRecord({ pid: 99, iteration, episodes: iteration }), rewindRecord(iteration)];
  const fresh = (expected: ReturnType<typeof readAtOnce>) => {
    const { run, ...rest } = dump(lab.stores);
    const { run: expectedRun, ...expectedRest } = expected;
    expect(rest).toEqual(expectedRest);
    const { heardAtMs: _a, ...one } = run!;
    const { heardAtMs: _b, ...other } = expectedRun!;
    expect(one).toEqual(other);
  };

  it.each([
    ['shorter', [...session(10), ...train(11, 12, () => 7)]],
    ['longer', [...session(10), ...train(11, 100, () => 7), endRecord(100)]],
    ['nothing but its beginning', []],
  ])('is read again from its beginning: %s', (_, rest) => {
    writeFileSync(journal(), encodeJournal(history.slice(0, 45)));
    follower.poll();
    cut(12, rest);
    const { records, first } = follower.poll();
    expect([first, records.length]).toEqual([1, 12 + rest.length]);
    fresh(readAtOnce());
    // And is followed on.
    appendFileSync(journal(), encodeJournal(train(101, 103), 13 + rest.length));
    follower.poll();
    fresh(readAtOnce());
  });

  it.each([
    ['lab.db', 'series.db'],
    ['series.db', 'lab.db'],
  ])('is read again also where %s was ahead of %s', (ahead) => {
    writeFileSync(journal(), encodeJournal(history.slice(0, 30)));
    follower.poll();
    lab.stores.close();
    const behind = ahead === 'lab.db' ? 'series.db' : 'lab.db';
    const saved = join(lab.dataFolder, 'saved.db');
    lab.reopen(() => cpSync(join(lab.dataFolder, behind), saved));
    writeFileSync(journal(), encodeJournal(history.slice(0, 45)));
    createFollower(lab.stores, 'run', lab.paths('run')).poll();
    // A crash has taken the last commit of one database, and a power cut the end of the journal: all of it that the other one had read on.
    lab.reopen(() => {
      cpSync(saved, join(lab.dataFolder, behind));
      truncateSync(journal(), Buffer.byteLength(encodeJournal(history.slice(0, 30))));
    });
    createFollower(lab.stores, 'run', lab.paths('run')).poll();
    fresh(readAtOnce());
  });

  it('keeps what only people and the host know', () => {
    writeFileSync(journal(), encodeJournal(history));
    follower.poll();
    changeRun(lab.stores.lab, 'run', { name: 'a name', note: 'a note', status: 'queued', queuePlace: 3, attempts: 2 });
    lab.stores.lab.exec('UPDATE checkpoints SET removed = 1 WHERE iteration = 30');
    cut(history.length - 1, []);
    follower.poll();
    expect(readRun(lab.stores.lab, 'run')).toMatchObject({ name: 'a name', note: 'a note', status: 'queued', queuePlace: 3, attempts: 2 });
    expect(lab.stores.lab.queryOnce('SELECT iteration, removed FROM checkpoints ORDER BY iteration', [])).toEqual([
      [30, 1],
      [50, 0],
    ]);
  });

  it('leaves a run that had finished as interrupted when its end is gone and nobody trains it', () => {
    writeFileSync(journal(), encodeJournal(history));
    follower.poll();
    cut(history.length - 3, []);
    follower.poll();
    expect(readRun(lab.stores.lab, 'run')).toMatchObject({ status: 'interrupted', reasonCode: 'journal-cut' });
  });

  it('leaves it running when a trainer has it', () => {
    writeFileSync(journal(), encodeJournal(history));
    follower.poll();
    cut(history.length - 3, session(40));
    const lock = acquireRunLock(lab.paths('run').lock);
    follower.poll();
    lock.release();
    expect(readRun(lab.stores.lab, 'run')).toMatchObject({ status: 'running', pid: 99 });
  });

  it('is followed on behind damage that only one database has still to read', () => {
    writeFileSync(journal(), encodeJournal(history.slice(0, 30)));
    follower.poll();
    const bytes = readFileSync(journal());
    lab.reopen(() => rmSync(join(lab.dataFolder, 'series.db')));
    bytes.fill(0, 2000, 2100);
    writeFileSync(journal(), Buffer.concat([bytes, Buffer.from(encodeJournal(history.slice(30), 31))]));
    const again = createFollower(lab.stores, 'run', lab.paths('run'));
    expect(again.poll().next).toBe(history.length + 1);
    expect(readRun(lab.stores.lab, 'run')!.status).toBe('finished');
    const kept = losses();
    expect(kept.at(-1)).toBe(50);
    expect(kept.length).toBeLessThan(50);
    expect(lab.stores.lab.queryOnce("SELECT message FROM happenings WHERE name = 'journal-damaged'", [])).toEqual([
      [expect.stringMatching(/^records \d+ to 30 of the journal can no longer be read; what they said is missing$/)],
    ]);
    expect(existsSync(journal())).toBe(true);
  });
});
