import { describe, expect, it } from 'vitest';
import { inLines } from './in-lines.ts';

describe('values in lines', () => {
  it.each([
    [4, 1],
    [8, 1],
    [20, 3],
    [64, 8],
  ])('%i of them in lines of eight are a picture of %i lines, with all of them', (count, height) => {
    const values = Float32Array.from({ length: count }, (_, at) => at + 1);
    const lines = inLines(values, 8);
    expect([lines.width, lines.height, lines.values.length]).toEqual([8, height, 8 * height]);
    expect(lines.values.subarray(0, count)).toEqual(values);
    expect(lines.values.subarray(count).every((value) => value === 0)).toBe(true);
  });
});
