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
  // A score in per cent is a share, in its curve as in its reference; a reward may be below zero.
  it.each([
    ['loss', [1, 3], [0.5, 1]],
    ['accuracy', [0.2, 0.3], [0.6, 0.9]],
    ['wrongBits', [0.3, 0.5], [0.01, 0.03]],
    ['reward', [-4, 2], [30, 120]],
  ] as const)('is a band over its episodes, in the units of its curve: %s', (metric, [low, high], [lastLow, lastHigh]) => {
    const points = [
      { episodes: 100, low, high },
      { episodes: 10_000, low: lastLow, high: lastHigh },
    ];
    const expected = { ...run, reference: { metric, source: 'a figure', points } };
    const { x, lower, upper } = referenceLines(expected, metric, along('episodes'))[0]!.band!;
    // Its places are even in the logarithm of the episodes, along which it is straight.
    const between = (from: number, to: number) =>
      Array.from(x, (_, index): unknown => expect.closeTo(from + ((to - from) * index) / (x.length - 1), 6));
    expect([x[0], x.at(-1)]).toEqual([100, expect.closeTo(10_000, 6)]);
    expect([[...lower], [...upper]]).toEqual([between(low, lastLow), between(high, lastHigh)]);
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
