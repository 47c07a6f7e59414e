import { describe, expect, it } from 'vitest';
import { countBins } from './bins.ts';

describe('a histogram', () => {
  it('counts every value once, those beyond its ends in the outermost bins', () => {
    const { counts, mean, deviation, broken } = countBins([0, 0, 1, -1, 5, -5, NaN, Infinity], 2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect([counts[0], counts[30], counts[60]]).toEqual([1, 2, 1]);
    expect([mean, broken]).toEqual([0, 2]);
    expect(deviation).toBeCloseTo(Math.sqrt(52 / 6), 12);
  });

  it('has something to say of no values', () => {
    expect(countBins([], 1)).toMatchObject({ mean: 0, deviation: 0, broken: 0 });
  });
});
