import { describe, expect, it } from 'vitest';
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import { replaceWeights } from './replace-weights.ts';

const single = (shape: number[], ...values: number[]): NamedArray => ({ dtype: 'F32', shape, data: Float32Array.from(values) });
const double = (shape: number[], ...values: number[]): NamedArray => ({ dtype: 'F64', shape, data: Float64Array.from(values) });
const free: NamedArrays = {
  w: single([2, 2], 1, 2, 3, 4),
  'w.firstMoment': single([2, 2], 9, 9, 9, 9),
  alpha: single([2, 2], 5, 6, 7, 8),
  eta: double([1], 0.01),
};
const yoked: NamedArrays = { ...free, alpha: double([1], 0.5) };

describe('own weights', () => {
  it('take the place of what the file names, and nothing else', () => {
    const { arrays, taken, unused } = replaceWeights(free, { w: double([2, 2], 0.1, 0, 0, 0), y: single([3], 1, 2, 3) });
    expect(arrays['w']).toEqual(single([2, 2], 0.1, 0, 0, 0));
    expect([arrays['alpha'], arrays['w.firstMoment'], arrays['eta']]).toEqual([free['alpha'], free['w.firstMoment'], free['eta']]);
    expect([taken, unused]).toEqual([['w'], ['y']]);
    expect(free['w']!.data[0]).toBe(1);
  });

  it('let one number stand for a whole alpha, and a constant alpha for one number', () => {
    expect(replaceWeights(free, { alpha: single([], 0.25) }).arrays['alpha']).toEqual(single([2, 2], 0.25, 0.25, 0.25, 0.25));
    expect(replaceWeights(yoked, { alpha: single([2, 2], 0.25, 0.25, 0.25, 0.25) }).arrays['alpha']).toEqual(double([1], 0.25));
    expect(replaceWeights(yoked, { alpha: double([1], 2), eta: single([1], 0.5) }).arrays['eta']).toEqual(double([1], 0.5));
  });

  it('are taken as a run exports them: a kernel of a convolution and its bias apart', () => {
    const kernel = (first: number) => single([10, 2], ...Array.from({ length: 20 }, (_, at) => first + at));
    const own = {
      kernel1: single([3, 3, 1, 2], ...Array.from({ length: 18 }, (_, at) => 100 + at)),
      bias1: single([2], 118, 119),
    };
    const { arrays, taken, unused } = replaceWeights({ ...free, kernel1: kernel(0) }, own);
    expect([arrays['kernel1'], taken, unused]).toEqual([kernel(100), ['kernel1'], []]);
    expect(() => replaceWeights({ kernel1: kernel(0) }, { kernel1: own.kernel1 })).toThrow('kernel1 must be of shape [10, 2]');
  });

  it('count what is no number, and take it', () => {
    const found = replaceWeights(free, { w: single([2, 2], NaN, Infinity, 0, 1), eta: double([1], NaN) });
    expect(found.notFinite).toBe(3);
    expect(found.arrays['w']!.data[0]).toBeNaN();
  });

  it.each<[string, NamedArrays, NamedArrays, string, RegExp]>([
    ['no array of the network', free, { W: single([1], 1) }, 'weights-missing', /learns \(alpha, eta, w\); it holds W$/],
    [
      'whole numbers',
      free,
      { w: { dtype: 'I32', shape: [2, 2], data: new Int32Array(4) } },
      'weights-dtype',
      /w must be float32 .* is int32/,
    ],
    ['another size', free, { w: single([1, 4], 1, 2, 3, 4) }, 'weights-shape', /w must be of shape \[2, 2\] and has the shape \[1, 4\]/],
    ['another alpha', free, { alpha: single([2], 1, 2) }, 'weights-shape', /\[2, 2\], or one number, and has the shape \[2\]/],
    ['a free alpha for a yoked one', yoked, { alpha: single([2, 2], 1, 2, 3, 4) }, 'weights-shape', /yoked, and the file's 4 values/],
    ['more than one eta', free, { eta: single([2], 0.1, 0.1) }, 'weights-shape', /eta must be one number and has the shape \[2\]/],
    ['no eta at all', free, { eta: single([0]) }, 'weights-shape', /eta must be one number/],
  ])('refuse %s, with the rule and what was found', (_what, learned, own, code, message) => {
    expect(() => replaceWeights(learned, own)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
  });
});
