import { describe, expect, it } from 'vitest';
import type { NamedArrays } from '../files/named-arrays.ts';
import type { AlphaChange } from '../contract/ablation.ts';
import { ablate } from './ablate.ts';

const alpha = Float32Array.of(0.1, -0.4, 0.3, -0.2);
const arrays: NamedArrays = {
  w: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  alpha: { dtype: 'F32', shape: [2, 2], data: alpha },
  eta: { dtype: 'F64', shape: [1], data: Float64Array.of(0.01) },
};
const changed = (change: AlphaChange) => [...ablate(arrays, { alpha: [change] })['alpha']!.data];
const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)));

describe('an ablation', () => {
  it('changes alpha as its name says, and nothing else', () => {
    expect(changed({ kind: 'zero' })).toEqual([0, 0, 0, 0]);
    expect(rounded(changed({ kind: 'scaled', factor: -2 }))).toEqual([-0.2, 0.8, -0.6, 0.4]);
    expect(rounded(changed({ kind: 'thresholded', share: 0.5 }))).toEqual([0, -0.4, 0.3, 0]);
    expect(changed({ kind: 'thresholded', share: 1 })).toEqual([0, 0, 0, 0]);
    expect(changed({ kind: 'thresholded', share: 0 })).toEqual([...alpha]);
    expect(rounded(changed({ kind: 'quantised', levels: 3 }))).toEqual([0, -0.4, 0.4, 0]);
    const shuffled = changed({ kind: 'shuffled', seed: 5 });
    expect(shuffled.toSorted()).toEqual([...alpha].toSorted());
    expect(changed({ kind: 'shuffled', seed: 5 })).toEqual(shuffled);
    expect(ablate(arrays, { alpha: [{ kind: 'zero' }] })['w']).toBe(arrays['w']);
    expect([...arrays['alpha']!.data]).toEqual([...alpha]);
  });

  it('changes eta', () => {
    expect(ablate(arrays, { eta: 0.5 })['eta']).toEqual({ dtype: 'F64', shape: [1], data: Float64Array.of(0.5) });
  });

  it('says where there is nothing to change', () => {
    const { w } = arrays;
    expect(() => ablate({ w: w! }, { alpha: [{ kind: 'zero' }] })).toThrow('this network has no alpha');
    expect(() => ablate({ w: w! }, { eta: 0 })).toThrow('this network has no eta');
    const yoked = { alpha: { dtype: 'F64', shape: [1], data: Float64Array.of(0.2) } } as const;
    expect(ablate(yoked, { alpha: [{ kind: 'scaled', factor: 2 }] })['alpha']!.data).toEqual(Float64Array.of(0.4));
    expect(() => ablate(yoked, { alpha: [{ kind: 'shuffled', seed: 1 }] })).toThrow('a yoked alpha is one number');
  });
});
