import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPlace, formatTick, ticksOf } from './axis.ts';
import { cursorAfter, rangeAfter } from './chart-keys.ts';
import { cell } from './csv-cell.ts';
import { emptyCurve, GrowingCurve, type Curve } from './curve.ts';
import { extentOfY, type ChartLine } from './lines.ts';
import { trace, type Plane } from './paint.ts';
import { smooth } from './smooth.ts';
import { spreadPaths } from './spread-paths.ts';

const numbers = (...values: number[]) => Float64Array.from(values);
const path = (x: readonly number[], y: readonly number[]) => ({ x: numbers(...x), y: numbers(...y) });
const line = (x: readonly number[], y: readonly number[]): ChartLine => ({
  key: 'a',
  label: 'a',
  look: { colour: 1, dash: 0 },
  path: path(x, y),
});

describe('a growing curve', () => {
  it('has in each bucket the mean, the extremes and the middle of its places, however it was cut', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 60 });
    const property = fc.property(values, fc.integer({ min: 1, max: 7 }), fc.nat(), (list, bucket, from) => {
      const whole = new GrowingCurve({ ...emptyCurve, bucket });
      for (const [index, value] of list.entries()) whole.add(index + 1, 2 * (index + 1), value);
      // The same, but its beginning came from the host.
      const cut = (from % list.length) + 1;
      const beginning = new GrowingCurve({ ...emptyCurve, bucket });
      for (const [index, value] of list.slice(0, cut).entries()) beginning.add(index + 1, 2 * (index + 1), value);
      const { mean, min, max } = beginning.curve;
      const continued = new GrowingCurve({ ...beginning.curve, ...(bucket === 1 ? { min: mean, max: mean } : { min, max }) });
      for (const [index, value] of list.entries()) continued.add(index + 1, 2 * (index + 1), value);
      const chunks = Array.from({ length: Math.ceil(list.length / bucket) }, (_, at) => list.slice(at * bucket, (at + 1) * bucket));
      for (const { curve } of [whole, continued]) {
        expect(curve.last).toBe(list.length);
        expect([...curve.min]).toEqual(chunks.map((chunk) => Math.min(...chunk)));
        expect([...curve.max]).toEqual(chunks.map((chunk) => Math.max(...chunk)));
        chunks.forEach((chunk, at) => {
          expect(curve.mean[at]).toBeCloseTo(chunk.reduce((sum, value) => sum + value, 0) / chunk.length, 9);
          expect(curve.x[at]).toBeCloseTo(2 * (at * bucket + (chunk.length + 1) / 2), 9);
        });
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('smoothing', () => {
  const curve = (values: readonly number[], bucket = 1): Curve => {
    const mean = numbers(...values);
    return { bucket, last: values.length * bucket, x: numbers(...values.keys()), mean, min: mean, max: mean };
  };

  it('is the mean of a centred window, narrower at the ends, and leaves the values alone', () => {
    const own = curve([0, 3, 6, 3, 0]);
    expect([...smooth(own, 3).y]).toEqual([0, 3, 4, 3, 0]);
    expect([...own.mean]).toEqual([0, 3, 6, 3, 0]);
    expect(smooth(own, 1).y).toBe(own.mean);
  });

  it('counts iterations, not points: in wide buckets a narrow window changes nothing', () => {
    const own = curve([0, 3, 6], 100);
    expect(smooth(own, 100).y).toBe(own.mean);
    expect([...smooth(own, 300).y]).toEqual([0, 3, 6]);
  });
});

describe('the spread of lines', () => {
  it('is median, mean and quartiles at shared places', () => {
    const x = [1, 2];
    const { median, mean, lower, upper, n } = spreadPaths([path(x, [1, 4]), path(x, [2, 4]), path(x, [6, 4])]);
    expect([[...median], [...mean], [...lower], [...upper], [...n]]).toEqual([
      [2, 4],
      [3, 4],
      [1.5, 4],
      [4, 4],
      [3, 3],
    ]);
  });

  it('goes between points where places differ, and counts only lines that reach there', () => {
    const { x, median, n } = spreadPaths([path([0, 10], [0, 10]), path([0, 5], [2, 2])]);
    const at = (place: number) => x.findIndex((each) => each >= place);
    expect(median[at(4)]).toBeCloseTo((x[at(4)]! + 2) / 2, 9);
    expect([n[at(4)], n[at(6)]]).toEqual([2, 1]);
    expect(spreadPaths([]).x).toHaveLength(0);
  });
});

describe('axes', () => {
  it('have round marks within the range', () => {
    expect(ticksOf({ from: 0, to: 10 }, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticksOf({ from: 0, to: 700 }, 5, { isTime: true })).toEqual([0, 300, 600]);
    expect(ticksOf({ from: 0.5, to: 200 }, 5, { isLog: true })).toEqual([1, 10, 100]);
    // No decade is below zero, nor does any begin there.
    for (const from of [0, -5]) expect(ticksOf({ from, to: 10 }, 5, { isLog: true })).toEqual(ticksOf({ from, to: 10 }, 5));
    const property = fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 0.1, max: 1e6, noNaN: true }),
      (from, span) => {
        const ticks = ticksOf({ from, to: from + span }, 6);
        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const tick of ticks) expect(tick).toBeGreaterThanOrEqual(from - span * 1e-6);
      },
    );
    fc.assert(property);
  });

  it('say places in words', () => {
    expect(formatPlace(12_345.4, 'episodes')).toBe('episode 12,345');
    expect(formatTick(150, 'seconds')).toBe('2:30 min');
    expect(formatTick(3600, 'seconds')).toBe('1:00 h');
  });

  it('leave single spikes out unless they are asked for', () => {
    const y = Array.from({ length: 200 }, (_, index) => (index === 100 ? 1000 : index % 10));
    const lines = [line([...y.keys()], y)];
    expect(extentOfY(lines, { from: 0, to: 200 }, false, true)).toEqual({ from: 0, to: 1000 });
    expect(extentOfY(lines, { from: 0, to: 200 }, false, false)!.to).toBeLessThan(25);
  });

  it('reach to a band that stands for itself, however far it is', () => {
    const [curve, goal] = [line([1, 2, 3], [70, 71, 72]), line([], [])];
    const band = { x: Float64Array.of(1, 2, 9), lower: Float64Array.of(5, 5, 5), upper: Float64Array.of(8, 8, 8) };
    expect(extentOfY([curve, { ...goal, band }], { from: 1, to: 3 }, false, false)).toEqual({ from: 5, to: 72 });
    expect(extentOfY([{ ...curve, band }], { from: 1, to: 3 }, false, false)!.from).toBeGreaterThan(60);
  });
});

describe('drawing', () => {
  const plane: Plane = {
    left: 0,
    top: 0,
    width: 10,
    height: 100,
    x: { from: 0, to: 1000 },
    y: { from: 0, to: 100 },
    isLogX: false,
    isLogY: false,
    ratio: 1,
  };
  const drawn = (x: readonly number[], y: readonly number[]) => {
    const points: [number, number][] = [];
    let begins = 0;
    trace(plane, path(x, y), { begin: (px, py) => (begins++, points.push([px, py])), go: (px, py) => points.push([px, py]) });
    return { points, begins };
  };

  it('keeps the extremes of every column of pixels, and no more than it needs', () => {
    const x = Array.from({ length: 1000 }, (_, index) => index);
    const { points } = drawn(
      x,
      x.map((place) => (place === 503 ? 97 : 10)),
    );
    expect(points.length).toBeLessThan(50);
    expect(Math.min(...points.map(([, y]) => y))).toBeCloseTo(3, 9);
  });

  it('breaks the line where there is no value', () => {
    expect(drawn([0, 200, 400, 600, 800], [1, 2, NaN, 3, 4]).begins).toBe(2);
  });
});

describe('keys', () => {
  const lines = [line([1, 2, 3, 4], [0, 0, 0, 0])];
  const at = (key: string, cursor: number | null, shiftKey = false) =>
    cursorAfter({ key, shiftKey, altKey: false, ctrlKey: false, metaKey: false } as KeyboardEvent, {
      cursor,
      x: { from: 1, to: 3 },
      lines,
    });

  it('move from point to point within what is shown', () => {
    expect([at('Home', null), at('End', null), at('ArrowRight', 1), at('ArrowLeft', 2), at('ArrowRight', 1.5)]).toEqual([1, 3, 2, 1, 2]);
    expect([at('ArrowRight', 3), at('ArrowLeft', 1), at('ArrowRight', 1, true), at('Escape', 2), at('a', 2)]).toEqual([
      3,
      1,
      3,
      null,
      undefined,
    ]);
  });

  it('zoom around the cursor', () => {
    const zoom = (key: string) =>
      rangeAfter({ key, ctrlKey: false, metaKey: false } as KeyboardEvent, { cursor: 10, x: { from: 0, to: 40 } });
    expect(zoom('-')).toEqual({ from: -5, to: 55 });
    expect(zoom('0')).toBeNull();
    expect(zoom('x')).toBeUndefined();
  });
});

it('cells of CSV are quoted where they must be', () => {
  expect([cell('plain'), cell('a,b'), cell('say "so"'), cell(0.1 + 0.2)]).toEqual([
    'plain',
    '"a,b"',
    '"say ""so"""',
    '0.30000000000000004',
  ]);
});
