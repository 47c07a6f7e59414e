import { describe, expect, it } from 'vitest';
import { createRandom, restoreRandom, shuffledIndices } from './random.ts';

describe('random streams', () => {
  it('repeat for the same seed and name, and differ for another of either', () => {
    const draw = (seed: number, name: string) => Array.from({ length: 4 }, createRandom(seed, name).uniform);
    expect(draw(7, 'patterns')).toEqual(draw(7, 'patterns'));
    expect(draw(7, 'patterns')).not.toEqual(draw(8, 'patterns'));
    expect(draw(7, 'patterns')).not.toEqual(draw(7, 'protocol'));
  });

  it('continue exactly from a saved state, whatever was drawn before', () => {
    const stream = createRandom(1, 'x');
    stream.normal();
    stream.integer(0, 5);
    const continued = restoreRandom(stream.state());
    expect([continued.normal(), continued.integer(0, 1000)]).toEqual([stream.normal(), stream.integer(0, 1000)]);
  });

  it('refuse a state that is not theirs', () => {
    expect(() => restoreRandom([1, 2, 3])).toThrow('four 32-bit integers');
    expect(() => restoreRandom([1, 2, 3, 0.5])).toThrow('four 32-bit integers');
  });

  it('draw normals with mean 0 and variance 1', () => {
    const stream = createRandom(3, 'normal');
    const draws = Array.from({ length: 20_000 }, () => stream.normal());
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('shuffle to every order', () => {
    const stream = createRandom(5, 'orders');
    const seen = new Set(Array.from({ length: 200 }, () => shuffledIndices(3, stream).join('')));
    expect([...seen].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
  });
});
