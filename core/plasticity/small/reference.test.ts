import { describe, expect, it } from 'vitest';
import { createReferenceRecurrent } from './reference.ts';
import type { SmallRecurrent, SmallRule, Vector } from './small-recurrent.ts';
import { drawSmallCase, runSmallCase, type SmallCase } from './test-support/small-case.ts';

const rules: readonly SmallRule[] = ['hebb', 'oja', 'modulated', 'retroactive'];
const kinds = ['free', 'yoked', 'none'] as const;
const cases = rules.flatMap((rule) => kinds.map((alphaKind) => ({ rule, alphaKind })));

/** Double-precision weights: central differences need more digits than float32 has. */
const widen = (values: ArrayLike<number>) => Float64Array.from(values);

function lossOf(one: SmallCase): number {
  return runSmallCase(createReferenceRecurrent(one), one).loss;
}

describe.each(cases)('the reference, $rule, $alphaKind', ({ rule, alphaKind }) => {
  it('has the gradients that central differences find', () => {
    const drawn = drawSmallCase(7, { neurons: 4, steps: 6, alphaKind, rule });
    const one = { ...drawn, weights: { ...drawn.weights, w: widen(drawn.weights.w), alpha: widen(drawn.weights.alpha) } };
    const { gradients, drives, modulators } = runSmallCase(createReferenceRecurrent(one), one);
    const h = 1e-5;
    const slope = (change: (by: number) => SmallCase) => (lossOf(change(h)) - lossOf(change(-h))) / (2 * h);
    const shifted = (values: Vector, at: number, by: number) => {
      const copy = Float64Array.from(values);
      copy[at]! += by;
      return copy;
    };
    one.weights.w.forEach((_, at) => {
      const expected = slope((by) => ({ ...one, weights: { ...one.weights, w: shifted(one.weights.w, at, by) } }));
      expect(gradients.w[at]).toBeCloseTo(expected, 5);
    });
    one.weights.alpha.forEach((_, at) => {
      const expected = slope((by) => ({ ...one, weights: { ...one.weights, alpha: shifted(one.weights.alpha, at, by) } }));
      expect(gradients.alpha[at]).toBeCloseTo(expected, 5);
    });
    expect(gradients.eta).toBeCloseTo(
      slope((by) => ({ ...one, weights: { ...one.weights, eta: one.weights.eta + by } })),
      5,
    );
    one.drives.forEach((drive, step) => {
      drive.forEach((_, at) => {
        const expected = slope((by) => ({ ...one, drives: one.drives.with(step, shifted(drive, at, by)) }));
        expect(drives[step]![at]).toBeCloseTo(expected, 5);
      });
    });
    one.modulators.forEach((m, step) => {
      if (step === 0) return;
      const expected = slope((by) => ({ ...one, modulators: one.modulators.with(step, m + by) }));
      expect(modulators[step]).toBeCloseTo(expected, 5);
    });
  });
});

describe('the reference', () => {
  const plain = (recurrent: SmallRecurrent, one: SmallCase) => runSmallCase(recurrent, one).y;
  it.each(rules)('without alpha is a plain recurrent network: %s', (rule) => {
    const one = drawSmallCase(3, { neurons: 5, steps: 7, alphaKind: 'free', rule });
    const silent = { ...one, weights: { ...one.weights, alpha: new Float32Array(25) } };
    const none = { ...one, alphaKind: 'none' as const, weights: { ...one.weights, alpha: new Float32Array(0) } };
    expect(plain(createReferenceRecurrent(one), silent)).toEqual(plain(createReferenceRecurrent(none), none));
  });

  it.each(['hebb', 'oja', 'retroactive'] as const)('without eta is one, too: %s', (rule) => {
    const one = drawSmallCase(4, { neurons: 5, steps: 7, alphaKind: 'free', rule });
    const still = { ...one, weights: { ...one.weights, eta: 0 } };
    const none = { ...one, alphaKind: 'none' as const, weights: { ...one.weights, alpha: new Float32Array(0) } };
    expect(plain(createReferenceRecurrent(one), still)).toEqual(plain(createReferenceRecurrent(none), none));
  });

  it('does three steps of one neuron as by hand', () => {
    const recurrent = createReferenceRecurrent({ neurons: 1, steps: 3, alphaKind: 'free', rule: 'hebb' });
    recurrent.setWeights({ w: Float32Array.of(0.5), alpha: Float32Array.of(2), eta: 0.25 });
    recurrent.begin();
    const y1 = Math.tanh(1);
    const y2 = Math.tanh(0.5 * y1);
    const y3 = Math.tanh(y2 * (0.5 + 2 * 0.25 * y1 * y2));
    const found = [1, 0, 0].map((drive) => recurrent.step(Float32Array.of(drive))[0]!);
    [y1, y2, y3].forEach((value, at) => expect(found[at]).toBeCloseTo(value, 6));
    expect(recurrent.traceNorm()).toBeCloseTo(0.25 * y1 * y2, 9);
    expect(() => recurrent.step(Float32Array.of(0))).toThrow('room for 3 steps');
  });

  it('writes into a retroactive trace what was eligible before: four steps of one neuron as by hand', () => {
    const recurrent = createReferenceRecurrent({ neurons: 1, steps: 4, alphaKind: 'free', rule: 'retroactive' });
    recurrent.setWeights({ w: Float32Array.of(0.5), alpha: Float32Array.of(2), eta: 0.25 });
    recurrent.begin();
    const y1 = Math.tanh(1);
    const y2 = Math.tanh(0.5 * y1);
    // m(2) finds E(2) = 0, for the product of step 1 is zero; m(3) finds E(3).
    const y3 = Math.tanh(0.5 * y2);
    const eligible = 0.25 * y1 * y2;
    const y4 = Math.tanh(y3 * (0.5 + 2 * -0.8 * eligible));
    const found = [1, 0, 0, 0].map((drive, t) => recurrent.step(Float32Array.of(drive), [0, 0.4, 0.6, -0.8][t])[0]!);
    [y1, y2, y3, y4].forEach((value, at) => expect(found[at]).toBeCloseTo(value, 6));
    expect(recurrent.traceNorm()).toBeCloseTo(0.8 * eligible, 9);
  });
});
