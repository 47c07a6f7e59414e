import { describe, expect, it } from 'vitest';
import type { Ablation } from '../../core/contract/ablation.ts';
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { outsideOf } from './outside-of.ts';

const x = Float32Array.of(1, 2);
const input: NamedArrays = { input: { dtype: 'F32', shape: [1, 2], data: x } };
const acting: NamedArrays = { ...input, actions: { dtype: 'I32', shape: [1], data: Int32Array.of(0) } };
const asked = (ablation: Ablation) => ({ seed: 0, ablation });

describe('what comes into an episode from outside', () => {
  it('is what a task adds to the drives, or nothing where it clamps what it shows', () => {
    expect(outsideOf({ arrays: input, asked: asked({ noise: { drives: 1, seed: 0 } }) }, {})).toEqual({ x });
    expect(outsideOf({ arrays: {}, asked: asked({}) }, {})).toBe('nothing');
  });

  it('of an agent comes through weights of its own, and is not known whole under noise on its drives', () => {
    const weights = Float32Array.of(1, 2, 3, 4);
    expect(outsideOf({ arrays: acting, asked: asked({ noise: { inputs: 1, seed: 0 } }) }, { input: weights })).toEqual({ x, weights });
    expect(outsideOf({ arrays: acting, asked: asked({ noise: { drives: 1, seed: 0 } }) }, { input: weights })).toBe('unknown');
    expect(outsideOf({ arrays: acting, asked: asked({}) }, {})).toBe('unknown');
  });
});
