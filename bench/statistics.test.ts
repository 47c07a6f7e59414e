import { describe, expect, it } from 'vitest';
import { median, percentile } from './statistics.ts';

describe('statistics of measurements', () => {
  it('has percentiles that are measured values', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.95, 0.951, 1].map((part) => percentile(values, part))).toEqual([1, 50, 95, 96, 100]);
    expect(percentile([7], 0.95)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  it('has medians', () => {
    expect([median([3, 1, 2]), median([1, 2, 3, 10])]).toEqual([2, 2.5]);
  });
});
