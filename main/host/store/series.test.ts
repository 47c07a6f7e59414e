import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { readHistory } from '../../run-folder/journal-history.ts';
import { bucketOf, pyramidBase, pyramidLevels } from './pyramid.ts';
import { deleteSeries, iterateMetrics, metricNames, newestValues, spread, thinned, valuesAt, valuesOf } from './series.ts';
import { createSeriesWriter } from './series-writer.ts';
import { spreadOf } from './spread.ts';
import { metricsRecord, rewindRecord } from './test-support/records.ts';
import { createStoreLab, type StoreLab } from './test-support/store-lab.ts';
import { chooseGrid } from './thinned.ts';

let lab: StoreLab;
let runs = 0;
beforeEach(() => {
  lab = createStoreLab();
  runs = 0;
});
afterEach(() => lab.remove());

const series = () => lab.stores.series;

/** Puts the records in, so many at once, each batch by a writer that has just been opened or by the one before; gives the run's id. */
function put(records: readonly JournalRecord[], sizes: readonly number[] = [records.length], reopen = false): string {
  const run = `run-${runs++}`;
  let writer = createSeriesWriter(series(), run);
  for (let at = 0, batch = 0; at < records.length; batch++) {
    const next = records.slice(at, at + Math.max(1, sizes[batch % sizes.length]!));
    at += next.length;
    writer.take(next, { offset: at, sequence: at + 1, mark: at });
    if (reopen) writer = createSeriesWriter(series(), run);
  }
  return run;
}

const losses = (values: readonly number[]) => values.map((loss, index) => metricsRecord(index + 1, { loss }));

describe('metrics', () => {
  it('are there again, every value of every iteration', () => {
    const records = [
      metricsRecord(1, { loss: 0.1 + 0.2, eta: -0 }),
      metricsRecord(2, { loss: 1e-300 }),
      metricsRecord(9, { eta: 5, late: 1 }),
    ];
    const run = put(records);
    const own = (iteration: number) => ({
      episodes: iteration,
      seconds: iteration,
      episodesPerSecond: 1,
      rssBytes: 1e6 + iteration,
      batch: 1,
    });
    expect(valuesAt(series(), run, 1)).toEqual({ ...own(1), loss: 0.1 + 0.2, eta: -0 });
    expect(valuesAt(series(), run, 2)).toEqual({ ...own(2), loss: 1e-300 });
    expect(valuesAt(series(), run, 9)).toEqual({ ...own(9), eta: 5, late: 1 });
    expect([valuesAt(series(), run, 3), valuesAt(series(), 'nobody', 1)]).toEqual([{}, {}]);
    expect(valuesOf(series(), run, 'eta')).toEqual([
      { iteration: 1, value: -0 },
      { iteration: 9, value: 5 },
    ]);
    expect(metricNames(series(), run)).toEqual(expect.arrayContaining(['loss', 'eta', 'late', 'batch']));
    expect([valuesOf(series(), run, 'none'), valuesOf(series(), 'nobody', 'loss'), metricNames(series(), 'nobody')]).toEqual([[], [], []]);
  });

  it('are read in pages, from where one was, though they are written meanwhile', () => {
    const records = losses(Array.from({ length: 2500 }, (_, index) => index));
    const run = 'run';
    const writer = createSeriesWriter(series(), run);
    writer.take(records.slice(0, 2000), { offset: 1, sequence: 2001, mark: 0 });
    const seen: number[] = [];
    for (const { iteration } of iterateMetrics(series(), run, ['loss'])) {
      seen.push(iteration);
      if (iteration === 1500) writer.take(records.slice(2000), { offset: 2, sequence: 2501, mark: 0 });
    }
    expect(seen).toEqual(records.map(({ iteration }) => iteration));
    expect(valuesOf(series(), run, 'loss', { from: 2400, limit: 3 }).map(({ iteration }) => iteration)).toEqual([2400, 2401, 2402]);
    expect(valuesOf(series(), run, 'loss', { from: 2499, to: 9999 })).toHaveLength(2);
  });

  it('are given from the newest on, with NaN where there is none', () => {
    const run = put([metricsRecord(1, { loss: 1 }), metricsRecord(2, {}), metricsRecord(3, { loss: 3 }), metricsRecord(4, { loss: 4 })]);
    expect(newestValues(series(), run, ['loss', 'batch', 'none'], { iteration: 3, count: 2 })).toEqual([
      [3, 1, NaN],
      [NaN, 1, NaN],
    ]);
  });

  it('go with their run, and another run does not notice', () => {
    const [one, other] = [put(losses([1, 2])), put(losses([3]))];
    deleteSeries(series(), one);
    expect([valuesOf(series(), one, 'loss'), valuesOf(series(), other, 'loss').length]).toEqual([[], 1]);
    for (const table of ['metrics', 'buckets', 'metric_names'])
      expect(series().queryOnce(`SELECT count(DISTINCT run_key) FROM ${table}`, [])).toEqual([[1]]);
  });

  it('are all taken or none: a batch that fails changes nothing, and the next one goes on', () => {
    const writer = createSeriesWriter(series(), 'run');
    writer.take(losses([1, 2, 3]), { offset: 1, sequence: 4, mark: 1 });
    const bad = { ...metricsRecord(5, { loss: 5 }), iteration: 'five' as unknown as number };
    expect(() => writer.take([metricsRecord(4, { loss: 4, newName: 1 }), bad], { offset: 2, sequence: 6, mark: 2 })).toThrow();
    expect([writer.position, metricNames(series(), 'run').includes('newName')]).toEqual([expect.objectContaining({ sequence: 4 }), false]);
    writer.take([metricsRecord(4, { loss: 4 })], { offset: 2, sequence: 5, mark: 2 });
    expect(valuesOf(series(), 'run', 'loss').map(({ value }) => value)).toEqual([1, 2, 3, 4]);
    checkPyramid('run');
  });
});

/** Compares every bucket of every level with its values, taken afresh. */
function checkPyramid(run: string): void {
  const [[runKey]] = series().queryOnce('SELECT run_key FROM followed WHERE run_id = ?', [run]) as [[number]];
  const names = metricNames(series(), run);
  const rows = [...iterateMetrics(series(), run)];
  for (let level = 1; level <= pyramidLevels; level++) {
    const stored = series().queryOnce('SELECT bucket, summaries FROM buckets WHERE run_key = ? AND level = ? ORDER BY bucket', [
      runKey,
      level,
    ]);
    const numbers = [...new Set(rows.map(({ iteration }) => bucketOf(iteration, level)))];
    expect(stored.map(([bucket]) => bucket)).toEqual(numbers);
    for (const [bucket, blob] of stored) {
      const summaries = new Float64Array(Uint8Array.from(blob as Uint8Array).buffer);
      const members = rows.filter(({ iteration }) => bucketOf(iteration, level) === bucket);
      for (const [slot, name] of names.entries()) {
        const values = members.flatMap(({ values }) => values[name] ?? []);
        const [min = Infinity, max = -Infinity, sum = 0, count = 0] = summaries.subarray(4 * slot, 4 * slot + 4);
        expect([min, max, count]).toEqual([Math.min(...values), Math.max(...values), values.length]);
        expect(sum).toBeCloseTo(
          values.reduce((total, value) => total + value, 0),
          6,
        );
      }
    }
  }
}

const aValue = fc.double({ min: -1e3, max: 1e3, noNaN: true });
/** Iterations that go on with or without a gap, have a loss or none, and rewinds to anywhere. */
const aStep = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('train' as const), count: fc.integer({ min: 1, max: 60 }), loss: fc.option(aValue) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('skip' as const), count: fc.integer({ min: 1, max: 600 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rewind' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);

const aHistory = fc
  .array(aStep, { minLength: 1, maxLength: 25 })
  .map(toRecords)
  .filter((records) => records.length > 0);

type Step = typeof aStep extends fc.Arbitrary<infer Value> ? Value : never;

function toRecords(steps: readonly Step[]): JournalRecord[] {
  const records: JournalRecord[] = [];
  let iteration = 0;
  for (const [index, step] of steps.entries()) {
    if (step.do === 'skip') iteration += step.count;
    if (step.do === 'rewind' || step.do === 'repeat') iteration = Math.floor(iteration * step.share);
    if (step.do === 'rewind') records.push(rewindRecord(iteration));
    if (step.do !== 'train') continue;
    for (let count = 0; count < step.count; count++) {
      const values = step.loss === null ? {} : { loss: step.loss + count, ...(index > 5 ? { late: -count } : {}) };
      records.push(metricsRecord(++iteration, values));
    }
  }
  return records;
}

/** What a journal says in the end; an iteration that comes again takes back those behind it, rewind or not. */
function finalRecords(records: readonly JournalRecord[]) {
  const explicit = records.flatMap<JournalRecord>((record) =>
    record.type === 'metrics' ? [rewindRecord(record.iteration - 1), record] : [record],
  );
  return readHistory(explicit).metrics;
}

describe('pyramids', () => {
  it('sum up all values of their buckets, also after rewinds, with gaps and without values', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        aHistory,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (records, sizes, reopen) => {
          const run = put(records, sizes, reopen);
          const final = finalRecords(records);
          expect([...iterateMetrics(series(), run)].map(({ iteration }) => iteration)).toEqual(final.map(({ iteration }) => iteration));
          checkPyramid(run);
          deleteSeries(series(), run);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('lack nothing where two writers take a run in turns', () => {
    const records = losses(Array.from({ length: 47 }, (_, index) => index)).map((record) =>
      record.iteration < 20 ? record : { ...record, values: { ...record.values, late: record.iteration } },
    );
    const writers = [createSeriesWriter(series(), 'run'), createSeriesWriter(series(), 'run')];
    for (const [turn, at] of [0, 7, 19, 23, 30, 38, 41].entries()) {
      const next = records.slice(at, [7, 19, 23, 30, 38, 41, 47][turn]);
      writers[turn % 2]!.take(next, { offset: at, sequence: at + next.length + 1, mark: 0 });
    }
    expect(valuesOf(series(), 'run', 'late')).toHaveLength(28);
    checkPyramid('run');
  });

  it('keep nothing of what a rewind into a gap takes back', () => {
    const run = put([...losses([1, 2, 3, 4, 5]), metricsRecord(25, { loss: 9 }), metricsRecord(30, { loss: 9 }), rewindRecord(20)], [1]);
    checkPyramid(run);
    expect(thinned(series(), [run], ['loss'], { points: 2 })[0]!.max).toEqual([3, 5]);
  });

  it('are the same to the last bit, however the records came', () => {
    fc.assert(
      fc.property(aHistory, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }), (records, sizes) => {
        const buckets = (run: string) =>
          series().queryOnce(
            'SELECT level, bucket, hex(summaries) FROM buckets JOIN followed USING (run_key) WHERE run_id = ? ORDER BY level, bucket',
            [run],
          );
        const [once, inParts] = [put(finalRecords(records)), put(finalRecords(records), sizes, true)];
        expect(buckets(inParts)).toEqual(buckets(once));
        for (const run of [once, inParts]) deleteSeries(series(), run);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a thinned series', () => {
  it('has min, max and mean of the values of each bucket of the range', { timeout: 60_000 }, () => {
    const aRange = fc.record({ from: fc.nat({ max: 900 }), length: fc.nat({ max: 900 }), points: fc.integer({ min: 2, max: 100 }) });
    fc.assert(
      fc.property(aHistory, fc.array(aRange, { minLength: 3, maxLength: 6 }), (records, ranges) => {
        const run = put(records);
        const values = finalRecords(records).map(({ iteration, values: { loss } }) => ({ iteration, loss }));
        for (const { from, length, points } of ranges) {
          const to = from + length;
          const [result] = thinned(series(), [run], ['loss'], { from, to, points });
          const last = values.at(-1)?.iteration ?? 0;
          const inRange = values.filter(({ iteration }) => iteration >= from && iteration <= to);
          if (result === undefined) {
            expect(inRange.filter(({ loss }) => loss !== undefined)).toEqual([]);
            continue;
          }
          const { bucket, iterations } = result;
          expect(iterations.length).toBeLessThanOrEqual(points + 2);
          for (const [index, iteration] of iterations.entries()) {
            const number = Math.floor((iteration - 1) / bucket);
            expect(iteration).toBe(Math.min((number + 1) * bucket, last));
            const members = values
              .filter((value) => Math.floor((value.iteration - 1) / bucket) === number)
              .flatMap(({ loss }) => loss ?? []);
            expect([result.min[index], result.max[index]]).toEqual([Math.min(...members), Math.max(...members)]);
            expect(result.mean[index]).toBeCloseTo(members.reduce((sum, loss) => sum + loss, 0) / members.length, 6);
          }
          // No value of the range is missing.
          const covered = new Set(iterations.map((iteration) => Math.floor((iteration - 1) / bucket)));
          for (const { iteration, loss } of inRange)
            if (loss !== undefined) expect(covered.has(Math.floor((iteration - 1) / bucket))).toBe(true);
        }
        deleteSeries(series(), run);
      }),
      { numRuns: 80 },
    );
  });

  it('is the values themselves where there are few', () => {
    const run = put(losses([5, 3, 4]));
    expect(thinned(series(), [run, 'nobody'], ['loss', 'none'], { points: 2000 })).toEqual([
      { run, name: 'loss', bucket: 1, iterations: [1, 2, 3], min: [5, 3, 4], max: [5, 3, 4], mean: [5, 3, 4] },
    ]);
  });

  it('has about as many points as asked for, from few parts, however long the run is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 2, max: 10_000 }), (iterations, points) => {
        const { level, merged, size } = chooseGrid(iterations, points);
        expect(size).toBe(merged * pyramidBase ** level);
        expect(Math.ceil(iterations / size)).toBeLessThanOrEqual(points);
        // Not far fewer than asked for, and not read from far more.
        expect(Math.ceil(iterations / size)).toBeGreaterThanOrEqual(Math.min(iterations, Math.floor(points / 3)));
        if (level < pyramidLevels) expect(merged).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe('the spread over runs', () => {
  it('is that of their bucket means', { timeout: 60_000 }, () => {
    const aRun = fc.array(fc.option(aValue, { freq: 8 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(fc.array(aRun, { minLength: 1, maxLength: 6 }), fc.integer({ min: 2, max: 60 }), (members, points) => {
        const ids = members.map((values) => put(values.map((loss, index) => metricsRecord(index + 1, loss === null ? {} : { loss }))));
        const { bucket, iterations, median, lower, upper, n } = spread(series(), [...ids, 'nobody'], 'loss', { points });
        const longest = Math.max(...members.filter((values) => values.some((value) => value !== null)).map((values) => values.length), 0);
        const expected = Array.from({ length: Math.ceil(longest / bucket) }, (_, number) => {
          const means = members.flatMap((values) => {
            const part = values.slice(number * bucket, (number + 1) * bucket).filter((value) => value !== null);
            return part.length === 0 ? [] : [part.reduce((sum, value) => sum + value, 0) / part.length];
          });
          return spreadOf(means);
        }).filter((each) => each !== null);
        expect(iterations).toHaveLength(expected.length);
        expect(n).toEqual(expected.map((each) => each.n));
        for (const [index, each] of expected.entries()) {
          expect(median[index]).toBeCloseTo(each.median, 6);
          expect(lower[index]).toBeCloseTo(each.lower, 6);
          expect(upper[index]).toBeCloseTo(each.upper, 6);
        }
        for (const id of ids) deleteSeries(series(), id);
      }),
      { numRuns: 60 },
    );
  });

  it('has quartiles as everybody computes them', () => {
    const ids = [1, 2, 3, 4, 5].map((loss) => put(losses([loss])));
    expect(spread(series(), ids, 'loss', { points: 10 })).toEqual({
      bucket: 1,
      iterations: [1],
      median: [3],
      lower: [2],
      upper: [4],
      n: [5],
    });
    expect(spread(series(), ['nobody'], 'loss', { points: 10 })).toMatchObject({ iterations: [], n: [] });
    expect(spreadOf([])).toBeNull();
  });
});
