import { describe, expect, it } from 'vitest';
import { addGradients, addParts, sharesOf, type SharePart } from './shared-batch.ts';

const part = (index: number, value: number): SharePart => ({
  index,
  gradients: { matrices: { w: Float32Array.of(value, 1) }, numbers: { eta: 10 * value } },
  loss: value,
  entropy: 2 * value,
  reward: 3 * value,
});

describe('the parts of a batch', () => {
  it('are at most eight, whatever its size', () => {
    expect([1, 7, 8, 30, 1000].map((batch) => sharesOf(batch).length)).toEqual([1, 7, 8, 8, 8]);
  });

  it('are added in their order, whoever was first', () => {
    // In double precision 2⁵³ + 1 + 1 is another number than 1 + 1 + 2⁵³.
    const large = 2 ** 53;
    const parts = [part(0, large), part(1, 1), part(2, 1)];
    const sum = addParts(parts, 3);
    expect([...sum.gradients.matrices['w']!]).toEqual([large, 3]);
    expect([sum.loss, sum.entropy, sum.reward, sum.gradients.numbers['eta']]).toEqual([1, 2, 3, 10].map((k) => k * large + k + k));
    const orders = [
      [2, 1, 0],
      [1, 2, 0],
    ];
    for (const order of orders) {
      const taken = order.map((index) => parts[index]!);
      expect(addParts(taken, 3)).toEqual(sum);
    }
  });

  it('are all there, once each', () => {
    expect(() => addParts([part(0, 1)], 2)).toThrow('a batch of 2 has 2 shares, not 0');
    expect(() => addParts([part(0, 1), part(0, 1)], 2)).toThrow('not 0, 0');
    expect(() => addParts([], 1)).toThrow('has 1 shares');
    expect(() => addGradients([])).toThrow('no gradients');
  });
});
