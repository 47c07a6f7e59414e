import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackNumbers } from '../../../core/contract/api/curves.ts';
import { curves, locate } from './curves.ts';
import { packNumbers } from './float-blobs.ts';
import { createSeriesWriter } from './series-writer.ts';
import { thinned } from './series.ts';
import { metricsRecord } from './test-support/records.ts';
import { createStoreLab, type StoreLab } from './test-support/store-lab.ts';

let lab: StoreLab;
beforeEach(() => {
  lab = createStoreLab();
});
afterEach(() => lab.remove());

const series = () => lab.stores.series;

/** Runs whose iterations have two episodes and take half a second each; the loss is the iteration's square. */
function put(run: string, iterations: readonly number[]): void {
  const records = iterations.map((iteration) => ({
    ...metricsRecord(iteration, { loss: iteration ** 2 }),
    episodes: 2 * iteration,
    seconds: iteration / 2,
  }));
  createSeriesWriter(series(), run).take(records, { offset: 1, sequence: records.length + 1, mark: 0 });
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('curves', () => {
  it('are the values themselves where there are few, along each axis', () => {
    put('a', upTo(10));
    for (const [along, scale] of [
      ['iteration', 1],
      ['episodes', 2],
      ['seconds', 0.5],
    ] as const) {
      const [curve] = curves(series(), ['a', 'nobody'], { names: ['loss'], along, points: 100, extremes: true });
      expect(curve).toMatchObject({ run: 'a', name: 'loss', bucket: 1, last: 10, min: '', max: '' });
      expect([...unpackNumbers(curve!.x)]).toEqual(upTo(10).map((iteration) => scale * iteration));
      expect([...unpackNumbers(curve!.mean)]).toEqual(upTo(10).map((iteration) => iteration ** 2));
    }
  });

  it('are the buckets of the thinned series, in the middle of their places', () => {
    put('a', upTo(1000));
    const [plain] = thinned(series(), ['a'], ['loss'], { points: 50 });
    const [curve] = curves(series(), ['a'], { names: ['loss'], along: 'episodes', points: 50, extremes: true });
    const [byIteration] = curves(series(), ['a'], { names: ['loss'], along: 'iteration', points: 50, extremes: false });
    expect([...unpackNumbers(curve!.mean)]).toEqual(plain!.mean);
    expect([...unpackNumbers(curve!.min)]).toEqual(plain!.min);
    expect([...unpackNumbers(curve!.max)]).toEqual(plain!.max);
    expect(unpackNumbers(curve!.x)[0]).toBe(plain!.bucket + 1);
    expect(byIteration).toMatchObject({ bucket: plain!.bucket, min: '', max: '' });
    expect([...unpackNumbers(byIteration!.x)]).toEqual([...unpackNumbers(curve!.x)].map((x) => x / 2));
  });

  it('cover the range that is asked for, and little more', () => {
    put('a', upTo(1000));
    const [curve] = curves(series(), ['a'], { names: ['loss'], along: 'seconds', from: 100, to: 110, points: 100, extremes: true });
    const x = unpackNumbers(curve!.x);
    expect(curve!.bucket).toBe(1);
    expect([x[0], x.at(-1)]).toEqual([100, 110.5]);
    expect(curves(series(), ['a'], { names: ['loss'], along: 'seconds', from: 600, to: 700, points: 100, extremes: true })).toEqual([]);
  });
});

describe('locating', () => {
  it('finds the nearest iteration with exactly its values, and leaves out runs that end before', () => {
    put('a', upTo(100));
    put('b', upTo(20));
    const at = (place: number | null) => locate(series(), ['a', 'b'], { names: ['loss', 'nothing'], along: 'seconds', at: place });
    expect(at(25.2)).toEqual([{ run: 'a', iteration: 50, x: 25, values: { loss: 2500 } }]);
    expect(at(10)).toMatchObject([{ iteration: 20 }, { iteration: 20 }]);
    expect(at(0)).toMatchObject([{ iteration: 1 }, { iteration: 1 }]);
    expect(at(50.1)).toEqual([]);
    expect(at(null)).toMatchObject([{ iteration: 100 }, { iteration: 20 }]);
  });

  it('agrees with looking at every iteration, whichever of them are there', () => {
    let runs = 0;
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 });
    const property = fc.property(some, fc.double({ min: 0, max: 310, noNaN: true }), (list, at) => {
      const run = `run-${runs++}`;
      const sorted = list.toSorted((a, b) => a - b);
      put(run, sorted);
      const [found] = locate(series(), [run], { names: ['loss'], along: 'iteration', at });
      const [first, last] = [sorted[0]!, sorted.at(-1)!];
      const isWithin = at <= last && (at >= first || first === 1);
      expect(found !== undefined).toBe(isWithin);
      if (found === undefined) return;
      expect(Math.abs(found.iteration - at)).toBe(Math.min(...sorted.map((iteration) => Math.abs(iteration - at))));
      expect(found.values['loss']).toBe(found.iteration ** 2);
    });
    fc.assert(property, { numRuns: 60 });
  });
});

it('numbers survive their packing', () => {
  const property = fc.property(fc.array(fc.double({ noNaN: true })), (numbers) => {
    expect([...unpackNumbers(packNumbers(numbers))]).toEqual(numbers);
  });
  fc.assert(property);
});
