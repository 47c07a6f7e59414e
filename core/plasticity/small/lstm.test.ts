import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { createFusedLstm } from './fused-lstm.ts';
import { createReferenceLstm } from './reference-lstm.ts';
import type { SmallLstm } from './small-lstm.ts';
import type { Vector } from './small-recurrent.ts';

interface Case {
  readonly w: Float64Array;
  /** [T][4 N]. */
  readonly drives: readonly Float64Array[];
  /** The loss is Σ dy(t) · y(t). */
  readonly dy: readonly Float64Array[];
}

function drawCase(seed: number, neurons: number, steps: number): Case {
  const random = createRandom(seed, 'small LSTM');
  const normals = (count: number, scale: number) => Float64Array.from({ length: count }, () => Math.fround(scale * random.normal()));
  return {
    w: normals(4 * neurons ** 2, 1 / Math.sqrt(neurons)),
    drives: Array.from({ length: steps }, () => normals(4 * neurons, 0.7)),
    dy: Array.from({ length: steps }, () => normals(neurons, 1)),
  };
}

/** y(t), ∂loss/∂drive(t) and ∂loss/∂w of an episode. */
function run(lstm: SmallLstm, { drives, dy }: Case, steps = dy.length): { readonly y: Vector[]; readonly drives: Vector[] } {
  lstm.begin();
  const y = drives.map((drive) => lstm.step(drive).slice());
  const back = dy
    .slice(-steps)
    .reverse()
    .map((gradient) => lstm.stepBack(gradient).drive.slice());
  return { y, drives: back.reverse() };
}

const numbersOf = (vectors: readonly Vector[]) => vectors.flatMap((vector) => Array.from(vector));

describe('the reference of a small LSTM', () => {
  it('does two steps of one neuron as by hand', () => {
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    const lstm = createReferenceLstm({ neurons: 1, steps: 2 });
    lstm.setWeights(Float64Array.of(0.3, -0.2, 0.5, 0.7));
    lstm.begin();
    const c1 = sigmoid(1) * Math.tanh(0.5);
    const h1 = sigmoid(-1) * Math.tanh(c1);
    const c2 = sigmoid(-0.2 * h1) * c1 + sigmoid(0.3 * h1) * Math.tanh(0.7 * h1);
    expect(lstm.step(Float64Array.of(1, 2, -1, 0.5))[0]).toBeCloseTo(h1, 14);
    expect(lstm.step(new Float64Array(4))[0]).toBeCloseTo(sigmoid(0.5 * h1) * Math.tanh(c2), 14);
  });

  it('has the gradients that central differences find', () => {
    const options = { neurons: 3, steps: 6 };
    const one = drawCase(3, 3, 6);
    const lossOf = (changed: Case) => {
      const lstm = createReferenceLstm(options);
      lstm.setWeights(changed.w);
      const { y } = run(lstm, changed);
      const weights = numbersOf(changed.dy);
      return numbersOf(y).reduce((sum, value, at) => sum + value * weights[at]!, 0);
    };
    const h = 1e-5;
    const slope = (change: (by: number) => Case) => (lossOf(change(h)) - lossOf(change(-h))) / (2 * h);
    const lstm = createReferenceLstm(options);
    lstm.setWeights(one.w);
    const { drives } = run(lstm, one);
    lstm.gradients().forEach((found, at) => {
      const expected = slope((by) => ({ ...one, w: one.w.with(at, one.w[at]! + by) }));
      expect(found).toBeCloseTo(expected, 7);
    });
    one.drives.forEach((drive, t) => {
      drive.forEach((value, at) => {
        const expected = slope((by) => ({ ...one, drives: one.drives.with(t, drive.with(at, value + by)) }));
        expect(drives[t]![at]).toBeCloseTo(expected, 7);
      });
    });
  });
});

describe('an LSTM on the kernel', () => {
  it('equals the reference for random networks and batches, gone back to the beginning or not, values and gradients', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 13 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 1, max: 40 }),
      (neurons, steps, batch, seed, back) => {
        const episodes = Array.from({ length: batch }, (_, index) => drawCase(seed + index, neurons, steps));
        const [found, expected] = [createFusedLstm, createReferenceLstm].map((create) => {
          const lstm = create({ neurons, steps });
          lstm.setWeights(episodes[0]!.w);
          const results = episodes.map((episode) => run(lstm, episode, Math.min(back, steps)));
          return [numbersOf(results.flatMap(({ y }) => y)), numbersOf(results.flatMap(({ drives }) => drives)), [...lstm.gradients()]];
        }) as [number[][], number[][]];
        for (const [kind, values] of expected.entries()) {
          const allowed = 2e-5 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          values.forEach((value, at) => expect(Math.abs(found[kind]![at]! - value)).toBeLessThan(allowed));
        }
      },
    );
    fc.assert(property, { numRuns: 200, seed: 20 });
  });

  it('keeps nothing of what it did before', () => {
    const [one, other] = [drawCase(1, 5, 20), drawCase(2, 5, 20)];
    const outcome = (lstm: SmallLstm) => {
      lstm.setWeights(one.w);
      return [run(lstm, one), lstm.gradients()];
    };
    const lstm = createFusedLstm({ neurons: 5, steps: 20 });
    lstm.setWeights(new Float32Array(100).fill(NaN));
    run(lstm, other);
    const expected = outcome(createFusedLstm({ neurons: 5, steps: 20 }));
    expect(outcome(lstm)).toEqual(expected);
    // An episode that is not gone back to its beginning, nor asked for its gradients.
    lstm.setWeights(other.w);
    lstm.begin();
    other.drives.forEach((drive) => lstm.step(drive));
    for (const dy of other.dy.slice(0, 5)) lstm.stepBack(dy);
    expect(outcome(lstm)).toEqual(expected);
  });

  it.each([createFusedLstm, createReferenceLstm])('refuses steps that are not there, and arrays of another size: %o', (create) => {
    const lstm = create({ neurons: 2, steps: 1 });
    expect(() => lstm.setWeights(new Float32Array(4))).toThrow('w has 16 numbers, not 4');
    lstm.setWeights(new Float32Array(16));
    lstm.begin();
    expect(() => lstm.step(new Float32Array(2))).toThrow('a drive has 8 numbers, not 2');
    lstm.step(new Float32Array(8));
    expect(() => lstm.step(new Float32Array(8))).toThrow('room for 1 steps');
    expect(() => lstm.stepBack(new Float32Array(8))).toThrow('∂loss/∂y has 2 numbers, not 8');
    lstm.stepBack(new Float32Array(2));
    expect(() => lstm.stepBack(new Float32Array(2))).toThrow('every step of this episode has gone back');
  });
});
