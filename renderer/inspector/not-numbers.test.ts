import { describe, expect, it } from 'vitest';
import { findBroken } from './not-numbers.ts';

describe('what is no number', () => {
  it('is counted by array, and infinities are numbers that the colours reach', () => {
    const matrices = { key: '', neurons: 1, w: Float32Array.of(NaN, 1, NaN), alpha: Float32Array.of(0, Infinity) };
    expect(findBroken({ matrices, y: Float32Array.of(NaN) })).toEqual([
      { name: 'w', count: 2 },
      { name: 'y', count: 1 },
    ]);
    expect(findBroken({ matrices: undefined, y: undefined })).toEqual([]);
  });
});
