import { describe, expect, it } from 'vitest';
import { placeIn } from './limits.ts';

describe('a chosen synapse', () => {
  it('is one of the networks that have it', () => {
    const place = { i: 40, j: 50 };
    expect(placeIn(place, 1001)).toBe(place);
    expect(placeIn(place, 51)).toBe(place);
    // As an index into [50, 50], i * 50 + j would be another cell.
    expect(placeIn(place, 50)).toBeUndefined();
    expect(placeIn({ i: 50, j: 3 }, 50)).toBeUndefined();
    expect(placeIn(undefined, 50)).toBeUndefined();
  });

  it('is none where an address says what is no index', () => {
    for (const i of [1.5, -1, NaN]) expect(placeIn({ i, j: 0 }, 50)).toBeUndefined();
  });
});
