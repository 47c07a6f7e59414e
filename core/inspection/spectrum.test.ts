import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { traceSpectrum } from './spectrum.ts';
import { createTraceFactors, rightFactors, traceMatrix, traceNorm } from './trace-factors.ts';

const random = createRandom(3, 'spectrum');

/** `distinct` activations that follow each other in turn. */
function episode(neurons: number, steps: number, distinct: number) {
  const kinds = Array.from({ length: distinct }, () => Array.from({ length: neurons }, () => random.normal()));
  const y = Float32Array.from(Array.from({ length: steps }, (_, at) => kinds[at % distinct]!).flat());
  return createTraceFactors({ rule: 'hebb', eta: 0.05, steps, neurons, y });
}

describe.each([
  { what: 'fewer activations than neurons', neurons: 30, steps: 20, distinct: 4 },
  { what: 'more activations than neurons', neurons: 6, steps: 40, distinct: 40 },
  { what: 'one activation', neurons: 12, steps: 9, distinct: 1 },
])('the spectrum of a trace: $what', ({ neurons, steps, distinct }) => {
  const factors = episode(neurons, steps, distinct);
  const right = rightFactors(factors, steps + 1);
  const found = traceSpectrum(factors, right);

  it('has the Frobenius norm, and as many values as the trace has ranks', () => {
    expect(Math.hypot(...found)).toBeCloseTo(traceNorm(factors, right), 8);
    expect(found.filter((value) => value > 1e-6 * found[0]!)).toHaveLength(Math.min(distinct, neurons));
    expect([...found]).toEqual([...found].sort((a, b) => b - a));
  });

  it('is led by the largest stretch that the trace gives a vector', () => {
    const hebb = traceMatrix(factors, right);
    let v: number[] = Array.from({ length: neurons }, () => random.normal());
    let stretch = 0;
    // Power iteration of hebbᵀ hebb.
    for (let times = 0; times < 3000; times++) {
      const u = Array.from({ length: neurons }, (_, i) => v.reduce((sum, x, j) => sum + hebb[i * neurons + j]! * x, 0));
      const back = Array.from({ length: neurons }, (_, j) => u.reduce((sum, x, i) => sum + hebb[i * neurons + j]! * x, 0));
      const size = Math.hypot(...back);
      stretch = Math.sqrt(size);
      v = back.map((x) => x / size);
    }
    expect(found[0]! / stretch).toBeCloseTo(1, 4);
  });
});

it('a trace that nothing was written into has no singular value above zero', () => {
  const factors = episode(8, 6, 3);
  expect(traceSpectrum(factors, rightFactors(factors, 1)).every((value) => value === 0)).toBe(true);
});
