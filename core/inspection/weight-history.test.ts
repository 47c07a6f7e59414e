import { describe, expect, it } from 'vitest';
import type { NamedArray } from '../files/named-arrays.ts';
import { readWeights, spreads } from './weight-history.ts';

const matrix = (neurons: number, value: (i: number, j: number) => number): NamedArray => ({
  dtype: 'F32',
  shape: [neurons, neurons],
  data: Float32Array.from({ length: neurons ** 2 }, (_, at) => value(Math.floor(at / neurons), at % neurons)),
});
const w = matrix(5, (i, j) => 10 * i + j);

describe('weights of a checkpoint', () => {
  it('are those of the synapses, by pre- and postsynaptic neuron', () => {
    const alpha = matrix(5, (i, j) => i - j);
    expect(
      readWeights({ w, alpha }, [
        [3, 1],
        [0, 4],
      ] as const),
    ).toMatchObject({ w: [31, 4], alpha: [2, -4] });
    expect(readWeights({ w, alpha }, []).sample).toHaveLength(25);
  });

  it('have one alpha for all where it is yoked, and none where nothing is plastic', () => {
    const yoked: NamedArray = { dtype: 'F64', shape: [1], data: Float64Array.of(0.25) };
    expect(readWeights({ w, alpha: yoked }, [[3, 1]])).toMatchObject({ alpha: [0.25] });
    expect(readWeights({ w }, [[3, 1]])).toMatchObject({ w: [31], alpha: [] });
  });

  it('say what they are not', () => {
    expect(() => readWeights({}, [])).toThrow(/no square matrix w/);
    expect(() => readWeights({ w }, [[5, 0]])).toThrow('the network has 5 neurons, from 0 on: there is no synapse 5 → 0');
  });

  it('are sampled from every row and column of a large network', () => {
    const side = 601;
    const rows = readWeights({ w: matrix(side, () => 0), alpha: matrix(side, (i) => i) }, []).sample;
    const columns = readWeights({ w: matrix(side, () => 0), alpha: matrix(side, (_, j) => j) }, []).sample;
    expect(rows.length).toBeLessThan(100_000);
    expect([new Set(rows).size, new Set(columns).size]).toEqual([side, side]);
  });
});

describe('spreads', () => {
  it('have the same bins in every checkpoint, and every value in one', () => {
    const found = spreads([Float64Array.of(0, 1, 2), Float64Array.of(-4, NaN)]);
    expect(new Set(found.map(({ end }) => end)).size).toBe(1);
    expect(found.map(({ counts, broken }) => [counts.reduce((sum, count) => sum + count, 0), broken])).toEqual([
      [3, 0],
      [1, 1],
    ]);
  });

  it('are there for alphas that are all zero', () => {
    expect(spreads([new Float64Array(4)])[0]).toMatchObject({ mean: 0, end: 1 });
  });
});
