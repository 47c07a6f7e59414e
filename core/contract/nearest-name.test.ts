import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countEdits, findNearestName, suggestName } from './nearest-name.ts';

describe('countEdits', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['train', 'train', 0],
    ['tran', 'train', 1],
    ['trian', 'train', 1],
    ['kitten', 'sitting', 3],
  ])('%j → %j takes %i', (from, to, edits) => expect(countEdits(from, to)).toBe(edits));

  it('is symmetric, zero only for equal words, and at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        const edits = countEdits(a, b);
        expect(countEdits(b, a)).toBe(edits);
        expect(edits === 0).toBe(a === b);
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('findNearestName', () => {
  const names = ['learningRate', 'learningRateDecay', 'initialW', 'patterns'];

  it.each([
    ['learning-rate', 'learningRate'],
    ['lerningRate', 'learningRate'],
    ['learning_rate_decay', 'learningRateDecay'],
    ['PATTERN', 'patterns'],
  ])('%s means %s', (wrong, right) => expect(findNearestName(wrong, names)).toBe(right));

  it('names all of them where none is near', () => {
    expect(findNearestName('zzz', names)).toBeUndefined();
    expect(suggestName('zzz', ['a', 'b', 'a'])).toBe('there are a, b');
    expect(suggestName('zzz', [])).toBe('there are none yet');
  });
});
