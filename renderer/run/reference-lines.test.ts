import { describe, expect, it } from 'vitest';
import type { RunDetails } from '../../core/contract/api/runs.ts';
import type { ChartLink } from '../charts/link.svelte.ts';
import { referenceLines } from './reference-lines.ts';

const run = {
  spec: { episodes: 400, batch: 2 },
  iteration: 50,
  episodes: 100,
  reference: {
    metric: 'loss',
    source: 'a figure',
    points: [
      { episodes: 10, low: 1, high: 3 },
      { episodes: 1000, low: 0.5, high: 1 },
    ],
  },
} as unknown as RunDetails;
const along = (axis: ChartLink['along']) => ({ along: axis }) as ChartLink;

describe('the reference behind a curve', () => {
  it('is a band over its episodes', () => {
    const band = referenceLines(run, 'loss', along('episodes'))[0]!.band!;
    expect([band.x[0], band.x.at(-1)]).toEqual([10, expect.closeTo(1000, 6)]);
    expect([band.lower[0], band.upper[0], band.lower.at(-1), band.upper.at(-1)]).toEqual([
      1,
      3,
      expect.closeTo(0.5, 6),
      expect.closeTo(1, 6),
    ]);
  });

  it('is where the same episodes are along iterations', () => {
    const band = referenceLines(run, 'loss', along('iteration'))[0]!.band!;
    expect(band.x[0]).toBe(5);
  });

  it('of a lone point is level from the beginning of the curve up to its place, and on', () => {
    const lone = (episodes: number, more = {}) =>
      referenceLines(
        { ...run, ...more, reference: { ...run.reference!, points: [{ episodes, low: 1, high: 3 }] } },
        'loss',
        along('episodes'),
      )[0]!.band!;
    const { x, lower, upper } = lone(1000);
    expect([x[0], x.at(-1)]).toEqual([2, expect.closeTo(1000, 6)]);
    expect([new Set(lower), new Set(upper)]).toEqual([new Set([1]), new Set([3])]);
    // It ends where the run does that goes further, and the last of few episodes has a width, too.
    expect(lone(100).x.at(-1)).toBeCloseTo(400, 6);
    expect([...lone(1, { spec: { episodes: 1, batch: 1 } }).x].every((place) => place === 1)).toBe(true);
  });

  it('is not there for other metrics, along the clock, or without a reference', () => {
    expect(referenceLines(run, 'relativeError', along('episodes'))).toEqual([]);
    expect(referenceLines(run, 'loss', along('seconds'))).toEqual([]);
    expect(referenceLines({ ...run, reference: null }, 'loss', along('episodes'))).toEqual([]);
  });
});
