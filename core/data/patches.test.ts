import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import type { GreyImages } from './grey-images.ts';
import { drawPatch, normalisePattern } from './patches.ts';

/** Pixel values tell where they are: 100·(image's number) + 10·row + column. */
const block = (first: number, count: number, width: number, height: number): GreyImages => ({
  count,
  width,
  height,
  pixels: Uint16Array.from(
    { length: count * width * height },
    (_, at) => 100 * (first + Math.floor(at / (width * height))) + 10 * (Math.floor(at / width) % height) + (at % width),
  ),
});

describe('drawPatch', () => {
  const images = [block(0, 2, 3, 3), block(2, 1, 5, 4)];

  it('draws every patch of every image, and nothing else', () => {
    const random = createRandom(1, 'patches');
    const seen = new Map<number, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const patch = drawPatch(images, random, 3);
      const corner = patch[0]!;
      expect([...patch]).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22].map((offset) => corner + offset));
      seen.set(corner, (seen.get(corner) ?? 0) + 1);
    }
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual([0, 100, 200, 201, 202, 210, 211, 212]);
    // Each image with the same chance (2,000 ± 4 standard deviations), whatever its size; then each place.
    for (const corner of [0, 100]) expect(Math.abs(seen.get(corner)! - 2000)).toBeLessThan(146);
    for (const corner of [200, 201, 202, 210, 211, 212]) expect(Math.abs(seen.get(corner)! - 333)).toBeLessThan(71);
  });

  it('is the same for the same stream', () => {
    expect(drawPatch(images, createRandom(7, 'a'), 2)).toEqual(drawPatch(images, createRandom(7, 'a'), 2));
  });

  it('refuses what cannot be drawn from', () => {
    expect(() => drawPatch([], createRandom(1, 'a'))).toThrow('at least one image');
    expect(() => drawPatch(images, createRandom(1, 'a'))).toThrow('32×32 does not fit');
  });
});

describe('normalisePattern', () => {
  it('removes the mean and divides by the largest absolute value', () => {
    expect(normalisePattern(Uint16Array.of(0, 3, 3, 6))).toEqual(Float32Array.of(-1, 0, 0, 1));
    expect(normalisePattern(Float32Array.of(0, 0, 0, 4))).toEqual(Float32Array.of(-1 / 3, -1 / 3, -1 / 3, 1));
  });

  it('gives nothing for equal pixels, whatever their value', () => {
    for (const value of [0, 765, 0.1]) expect(normalisePattern(new Float32Array(1024).fill(value))).toBeUndefined();
  });

  it('has mean 0 and largest absolute value 1 for any image', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(765), { minLength: 2, maxLength: 1024 }), (grey) => {
        const pattern = normalisePattern(Uint16Array.from(grey));
        if (pattern === undefined) {
          expect(new Set(grey).size).toBe(1);
          return;
        }
        expect(Math.max(...pattern.map(Math.abs))).toBe(1);
        expect(pattern.reduce((a, b) => a + b) / pattern.length).toBeCloseTo(0, 4);
      }),
      { numRuns: 300 },
    );
  });
});
