import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { createFusedLayer } from './fused-layer.ts';
import { createReferenceLayer } from './reference-layer.ts';
import type { SmallLayer } from './small-layer.ts';

interface Case {
  readonly matrix: Float32Array;
  readonly xs: readonly Float32Array[];
  /** ∂loss/∂out of each step. */
  readonly ds: readonly Float32Array[];
}

function drawCase(seed: number, inputs: number, outputs: number, steps: number): Case {
  const random = createRandom(seed, 'small layer');
  const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const each = (count: number) => Array.from({ length: steps }, () => normals(count));
  return { matrix: normals(inputs * outputs), xs: each(inputs), ds: each(outputs) };
}

/** Outputs and ∂loss/∂x, one number after another. @param back steps that go back. */
function run(layer: SmallLayer, { xs, ds }: Case, back = ds.length): number[] {
  layer.begin();
  const out = xs.flatMap((x) => [...layer.step(x)]);
  const slopes = ds.slice(0, back).flatMap((d) => {
    layer.stepBack(d);
    return [...layer.slopeOf(d)];
  });
  return [...out, ...slopes];
}

describe('the reference of a small layer', () => {
  it('does two steps as by hand', () => {
    const layer = createReferenceLayer({ inputs: 2, outputs: 1, steps: 2 });
    layer.setWeights(Float64Array.of(3, -2));
    layer.begin();
    expect([...layer.step(Float64Array.of(1, 2)), ...layer.step(Float64Array.of(5, 0))]).toEqual([-1, 15]);
    layer.stepBack(Float64Array.of(10));
    layer.stepBack(Float64Array.of(1));
    expect([...layer.gradient()]).toEqual([51, 2]);
    expect([...layer.slopeOf(Float64Array.of(10))]).toEqual([30, -20]);
  });
});

describe('a layer on the kernel', () => {
  it('equals the reference for random sizes and batches, gone back to the beginning or not, values and gradients', () => {
    const size = fc.integer({ min: 1, max: 14 });
    const length = fc.integer({ min: 1, max: 40 });
    const property = fc.property(size, size, length, length, fc.integer({ min: 1, max: 3 }), fc.nat(1e6), (...drawn) => {
      const [inputs, outputs, steps, back, batch, seed] = drawn;
      const episodes = Array.from({ length: batch }, (_, index) => drawCase(seed + index, inputs, outputs, steps));
      const [found, expected] = [createFusedLayer, createReferenceLayer].map((create) => {
        const layer = create({ inputs, outputs, steps });
        layer.setWeights(episodes[0]!.matrix);
        // Asked for at the end alone: the next episode begins with products of the one before that are not added yet.
        return [...episodes.flatMap((episode) => run(layer, episode, back)), ...layer.gradient()];
      }) as [number[], number[]];
      const allowed = 1e-6 * expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expected.forEach((value, at) => expect(Math.abs(found[at]! - value)).toBeLessThan(allowed));
    });
    fc.assert(property, { numRuns: 200, seed: 20 });
  });

  it('keeps nothing of what it did before', () => {
    const options = { inputs: 3, outputs: 5, steps: 20 };
    const [one, other] = [drawCase(1, 3, 5, 20), drawCase(2, 3, 5, 20)];
    const outcome = (layer: SmallLayer) => {
      layer.setWeights(one.matrix);
      return [...run(layer, one), ...layer.gradient()];
    };
    const expected = outcome(createFusedLayer(options));
    const layer = createFusedLayer(options);
    layer.setWeights(new Float32Array(15).fill(NaN));
    run(layer, other);
    expect(outcome(layer)).toEqual(expected);
    // An episode that is not gone back to its beginning, nor asked for its gradient.
    layer.setWeights(other.matrix);
    layer.begin();
    other.xs.forEach((x) => layer.step(x));
    for (const d of other.ds.slice(0, 5)) layer.stepBack(d);
    expect(outcome(layer)).toEqual(expected);
  });

  it.each([createFusedLayer, createReferenceLayer])('refuses steps that are not there, and arrays of another size: %o', (create) => {
    const layer = create({ inputs: 2, outputs: 3, steps: 1 });
    expect(() => layer.setWeights(new Float32Array(5))).toThrow('a matrix has 6 numbers, not 5');
    layer.setWeights(new Float32Array(6));
    layer.begin();
    expect(() => layer.step(new Float32Array(3))).toThrow('x has 2 numbers, not 3');
    layer.step(new Float32Array(2));
    expect(() => layer.step(new Float32Array(2))).toThrow('room for 1 steps');
    expect(() => layer.stepBack(new Float32Array(2))).toThrow('∂loss/∂out has 3 numbers, not 2');
    expect(() => layer.slopeOf(new Float32Array(2))).toThrow('∂loss/∂out has 3 numbers, not 2');
    layer.stepBack(new Float32Array(3));
    expect(() => layer.stepBack(new Float32Array(3))).toThrow('every step of this episode has gone back');
  });
});
