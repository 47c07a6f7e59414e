import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../backend/cpu.ts';
import type { NamedArrays } from '../files/named-arrays.ts';
import { createHostLearned } from './host-learned.ts';
import { createLearned } from './learned.ts';

const w = Float32Array.of(1, 2, 3, 4, 5, 6);
const stored = { rows: 2, columns: 16 };
const kinds = [
  [
    'on a backend, padded there',
    () => createLearned(createCpuBackend().operations, { w: { rows: 2, columns: 3, stored, initial: w } }, { eta: 0.5 }),
  ],
  ['on the host', () => createHostLearned({ w: { shape: [2, 3], initial: w } }, { eta: 0.5 })],
] as const;

describe.each(kinds)('what is learned %s', (_where, create) => {
  const learned = create();
  const changed = async (change: NamedArrays) => ({ ...(await learned.capture()), ...change });

  it('takes up what was saved of it: values and moments, without the padding', async () => {
    const saved: NamedArrays = Object.fromEntries(
      ['', '.firstMoment', '.secondMoment'].flatMap((part, index) => [
        [`w${part}`, { dtype: 'F32', shape: [2, 3], data: w.map((value) => value + 10 * index) }],
        [`eta${part}`, { dtype: 'F64', shape: [1], data: Float64Array.of(0.25 + index) }],
      ]),
    );
    const other = create();
    other.restore(saved);
    expect(await other.capture()).toEqual(saved);
  });

  it.each<[what: string, change: NamedArrays, why: string]>([
    [
      'the same numbers in another shape',
      { w: { dtype: 'F32', shape: [3, 2], data: w } },
      'w must hold 6 numbers (F32 of shape [2, 3]) and holds 6 (F32 of shape [3, 2])',
    ],
    [
      'another size',
      { 'w.firstMoment': { dtype: 'F32', shape: [2, 2], data: new Float32Array(4) } },
      'w.firstMoment must hold 6 numbers (F32 of shape [2, 3]) and holds 4 (F32 of shape [2, 2])',
    ],
    [
      'fewer numbers than its shape has',
      { w: { dtype: 'F32', shape: [2, 3], data: new Float32Array(5) } },
      'w must hold 6 numbers (F32 of shape [2, 3]) and holds 5 (F32 of shape [2, 3])',
    ],
    [
      'another type',
      { eta: { dtype: 'F32', shape: [1], data: Float32Array.of(1) } },
      'eta must hold 1 number (F64 of shape [1]) and holds 1 (F32 of shape [1])',
    ],
    [
      'what it does not learn',
      { alpha: { dtype: 'F64', shape: [1], data: Float64Array.of(1) } },
      'it holds alpha, and this network learns w, eta',
    ],
    [
      'a moment of what it does not learn',
      { 'alpha.firstMoment': { dtype: 'F64', shape: [1], data: Float64Array.of(1) } },
      'it holds alpha.firstMoment, and',
    ],
  ])('refuses %s, and stays as it was', async (_what, change, why) => {
    const before = await learned.capture();
    const arrays = await changed(change);
    expect(() => learned.restore(arrays)).toThrow(
      expect.objectContaining({
        code: 'checkpoint-mismatch',
        message: expect.stringContaining(`the checkpoint does not fit this network: ${why}`) as string,
      }),
    );
    expect(await learned.capture()).toEqual(before);
  });

  it('refuses a state without one of its arrays', async () => {
    const { 'eta.secondMoment': _, ...without } = await learned.capture();
    expect(() => learned.restore(without)).toThrow('eta.secondMoment must hold 1 number (F64 of shape [1]) and is not there');
  });
});
