import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFusedRecurrent } from './fused.ts';
import { createReferenceRecurrent } from './reference.ts';
import type { Vector } from './small-recurrent.ts';
import { drawSmallCase, runSmallCase, type SmallCase } from './test-support/small-case.ts';

/** float32 over some dozens of steps, relative to the largest value; sums of parts of about 1 that cancel have the errors of the parts. */
const tolerance = 2e-4;

function expectNear(found: Vector, expected: Vector, what: string): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(0.05, ...Array.from(expected, Math.abs));
  const worst = Math.max(0, ...Array.from(found, (value, at) => Math.abs(value - expected[at]!)));
  if (!(worst <= tolerance * scale)) expect.unreachable(`${what} differs by ${worst} of ${scale}`);
}

function expectEqual(one: SmallCase): void {
  const [found, expected] = [createFusedRecurrent, createReferenceRecurrent].map((create) => runSmallCase(create(one), one)) as [
    ReturnType<typeof runSmallCase>,
    ReturnType<typeof runSmallCase>,
  ];
  expected.y.forEach((values, step) => expectNear(found.y[step]!, values, `y(${step + 1})`));
  expected.drives.forEach((values, step) => expectNear(found.drives[step]!, values, `∂/∂drive(${step + 1})`));
  expectNear(found.gradients.w, expected.gradients.w, '∂/∂w');
  expectNear(found.gradients.alpha, expected.gradients.alpha, '∂/∂alpha');
  expectNear(Float64Array.of(found.gradients.eta), Float64Array.of(expected.gradients.eta), '∂/∂eta');
  expectNear(Float64Array.from(found.modulators), Float64Array.from(expected.modulators), '∂/∂m');
}

describe('the fused kernel', () => {
  it('equals the reference for random networks, values and gradients', () => {
    const options = fc.record({
      neurons: fc.integer({ min: 1, max: 13 }),
      steps: fc.integer({ min: 1, max: 30 }),
      alphaKind: fc.constantFrom('free', 'yoked', 'none'),
      rule: fc.constantFrom('hebb', 'oja', 'modulated'),
    });
    const etas = fc.oneof(fc.double({ min: 0, max: 0.3, noNaN: true }), fc.constantFrom(0, 0.5, 0.9, 0.99, 1));
    const property = fc.property(options, fc.integer({ min: 0, max: 1e6 }), etas, (chosen, seed, eta) => {
      const one = drawSmallCase(seed, chosen, eta);
      // Chaotic ones would tell more of rounding than of equations.
      expectEqual({ ...one, weights: { ...one.weights, alpha: one.weights.alpha.map((value) => 0.3 * value) } });
    });
    fc.assert(property, { numRuns: 400 });
  });

  it.each(['hebb', 'oja', 'modulated'] as const)('equals it for as many steps as the maze has: %s', (rule) => {
    const one = drawSmallCase(5, { neurons: 30, steps: 200, alphaKind: 'free', rule }, 0.03);
    const soft = { ...one.weights, w: one.weights.w.map((value) => 0.5 * value), alpha: one.weights.alpha.map((value) => 0.02 * value) };
    expectEqual({ ...one, weights: soft, modulators: one.modulators.map((value) => 0.1 * value) });
  });

  it('sums gradients over episodes, and begins anew with new weights', () => {
    const one = drawSmallCase(6, { neurons: 5, steps: 4, alphaKind: 'free', rule: 'hebb' });
    const recurrent = createFusedRecurrent(one);
    const once = runSmallCase(recurrent, one).gradients;
    expect(runSmallCase(recurrent, one).gradients).toEqual(once);
    recurrent.begin();
    one.drives.forEach((drive) => recurrent.step(drive));
    one.dy.toReversed().forEach((dy) => recurrent.stepBack(dy));
    recurrent.gradients().w.forEach((value, at) => expect(value).toBeCloseTo(2 * once.w[at]!, 4));
  });

  it('squashes as tanh does, numbers that are none included', () => {
    const recurrent = createFusedRecurrent({ neurons: 4, steps: 1, alphaKind: 'none', rule: 'hebb' });
    recurrent.setWeights({ w: new Float32Array(16), alpha: new Float32Array(0), eta: 0 });
    const squash = (x: number) => {
      recurrent.begin();
      return recurrent.step(Float32Array.of(x, 0, 0, 0))[0]!;
    };
    fc.assert(
      fc.property(fc.oneof(fc.float({ noNaN: true }), fc.float({ min: -10, max: 10, noNaN: true })), (x) => {
        const y = Math.tanh(x);
        expect(Math.abs(squash(x) - y)).toBeLessThanOrEqual(3e-7 * Math.max(Math.abs(y), 1e-30));
      }),
      { numRuns: 2000 },
    );
    expect([squash(NaN), squash(Infinity), squash(-Infinity)]).toEqual([NaN, 1, -1]);
  });

  it('refuses more steps than there is room for', () => {
    const recurrent = createFusedRecurrent({ neurons: 2, steps: 1, alphaKind: 'free', rule: 'hebb' });
    recurrent.setWeights({ w: new Float32Array(4), alpha: new Float32Array(4), eta: 0.1 });
    recurrent.begin();
    recurrent.step(new Float32Array(2));
    expect(() => recurrent.step(new Float32Array(2))).toThrow('room for 1 steps');
  });
});
