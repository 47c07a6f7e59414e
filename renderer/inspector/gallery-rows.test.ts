import { describe, expect, it } from 'vitest';
import { areSameEpisodes, errorOf, ordersFor, sortEpisodes, type GalleryColumn } from './gallery-rows.ts';

const array = (...values: number[]) => ({ dtype: 'F32', shape: [values.length], data: Float32Array.from(values) }) as const;
const column = (losses: number[], answers: number[], targets = [0, 1, 2, 3]): GalleryColumn => ({
  picture: { width: 1, height: 1 },
  losses,
  arrays: { target: array(...targets), degraded: array(0, 0, 0, 0), reconstructed: array(...answers) },
});
const a = column([4, 1, 3, 2], [2, 0, 0, 0]);
const b = column([1, 2, 3, NaN], [1, 1, 1, 1]);

describe('a gallery', () => {
  it('is sorted by the error of any column, or by what it differs from the first', () => {
    expect(sortEpisodes([a, b], 'worst 0')).toEqual([0, 2, 3, 1]);
    expect(sortEpisodes([a, b], 'best 0')).toEqual([1, 3, 2, 0]);
    expect(sortEpisodes([a, b], 'worst 1')).toEqual([3, 2, 1, 0]);
    expect(sortEpisodes([a, b], 'better 1')).toEqual([0, 2, 1, 3]);
    expect(sortEpisodes([a, b], 'worse 1')).toEqual([3, 1, 2, 0]);
    expect(sortEpisodes([a, b], 'number')).toEqual([0, 1, 2, 3]);
    // A column that has no answer sorts nothing.
    expect(sortEpisodes([a, undefined], 'worst 1')).toEqual([0, 1, 2, 3]);
    expect(sortEpisodes([], 'worst 0')).toEqual([]);
  });

  it('offers an order for each column that there is', () => {
    expect(ordersFor(1).map(({ label }) => label)).toEqual(['largest error first', 'smallest error first', 'by number']);
    for (const { value } of ordersFor(4)) expect(sortEpisodes([a, b, a, b], value)).toHaveLength(4);
    expect(ordersFor(2).map(({ label }) => label)).toContain('where B is better than A');
  });

  it('knows whether the same was asked, and what an answer is off by', () => {
    expect(areSameEpisodes(a, b)).toBe(true);
    expect(areSameEpisodes(a, column([], [], [0, 1, 2, 4]))).toBe(false);
    expect([...errorOf(a, 0), ...errorOf(a, 1)]).toEqual([2, -1]);
  });
});
