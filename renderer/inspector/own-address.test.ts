import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OwnEpisode } from '../../core/contract/own-episode.ts';
import { readOwn, writeOwn } from './own-address.ts';

const place = fc.record({ row: fc.integer({ min: 1, max: 31 }), column: fc.integer({ min: 1, max: 31 }) }, { noNullPrototype: true });

function patterns(value: fc.Arbitrary<number>): fc.Arbitrary<OwnEpisode> {
  return fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 }))
    .chain(([count, length]) => fc.array(fc.array(value, { minLength: length, maxLength: length }), { minLength: count, maxLength: count }))
    .map((all) => ({ kind: 'patterns', patterns: all }));
}

const maze: fc.Arbitrary<OwnEpisode> = fc
  .tuple(place, place, fc.option(fc.array(place, { maxLength: 20 }), { nil: undefined }))
  .map(([goal, start, walls]) => ({ kind: 'maze', goal, start, ...(walls === undefined ? {} : { walls }) }));

describe('an own episode in an address', () => {
  it.each([
    ['bits', patterns(fc.constantFrom(-1, 1))],
    ['grey values', patterns(fc.integer({ min: 0, max: 255 }))],
    ['a maze', maze],
  ])('comes back as it was: %s', (_what, own) => {
    fc.assert(
      fc.property(own, (episode) => {
        const text = writeOwn(episode)!;
        expect(readOwn(text)).toEqual(episode);
        // Nothing that an address would write in another way.
        expect(new URLSearchParams({ text }).toString()).toBe(`text=${text}`);
      }),
    );
  });

  it('is small: the five patterns of the paper’s first experiment in under a thousand letters', () => {
    expect(writeOwn({ kind: 'patterns', patterns: Array.from({ length: 5 }, () => Array<number>(1000).fill(1)) })!.length).toBeLessThan(
      1000,
    );
  });

  it('is left out where no address holds it', () => {
    expect(writeOwn(undefined)).toBeNull();
    expect(writeOwn({ kind: 'training' })).toBeNull();
    expect(writeOwn({ kind: 'patterns', patterns: [[0.5, 300]] })).toBeNull();
    expect(writeOwn({ kind: 'patterns', patterns: [[1, -1], [1]] })).toBeNull();
  });

  it.each([
    null,
    '',
    'maze',
    'maze.1-1',
    'maze.0-1.2-2',
    'maze.1-1.2-x',
    'bits.2.4.%%%',
    'bits.1e9.9.AA',
    'grey.-1.4.AAAA',
    'other.1.1.AA',
  ])('is none where it says %j', (text) => {
    expect(readOwn(text)).toBeUndefined();
  });
});
