import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { splitDrive, wholeTrace } from './attribution.ts';
import { traceSpectrum } from './spectrum.ts';
import {
  activation,
  createTraceFactors,
  rightFactors,
  traceMatrix,
  traceNorm,
  traceOfSynapse,
  traceValue,
  type ObservedEpisode,
} from './trace-factors.ts';

/** The rules as they are written, in double precision: hebb(1) to hebb(T + 1), [N, N] each. */
function denseTraces({ rule, eta, steps, neurons: n, y, modulators, clearedAt }: ObservedEpisode): Float64Array[] {
  const traces = [new Float64Array(n * n), new Float64Array(n * n)];
  let eligibility = new Float64Array(n * n);
  for (let s = 1; s <= steps; s++) {
    const before = s > 1 ? y.subarray((s - 2) * n, (s - 1) * n) : new Float32Array(n);
    const now = y.subarray((s - 1) * n, s * n);
    const last = traces[s]!;
    const next = last.map((hebb, at) => {
      const [u, v] = [before[Math.floor(at / n)]!, now[at % n]!];
      if (rule === 'hebb') return (1 - eta) * hebb + eta * u * v;
      if (rule === 'oja') return hebb + eta * v * (u - v * hebb);
      return hebb + modulators![s - 1]! * (rule === 'modulated' ? u * v : eligibility[at]!);
    });
    eligibility = eligibility.map((e, at) => (1 - eta) * e + eta * before[Math.floor(at / n)]! * now[at % n]!);
    traces[s + 1] = next;
    if (s + 1 !== clearedAt) continue;
    traces[s + 1] = new Float64Array(n * n);
    eligibility = new Float64Array(n * n);
  }
  return traces;
}

/** Some activations come again, as clamped ones do. */
const episodes = fc
  .record({
    rule: fc.constantFrom('hebb' as const, 'oja' as const, 'modulated' as const, 'retroactive' as const),
    eta: fc.double({ min: 0, max: 1, noNaN: true }),
    neurons: fc.integer({ min: 1, max: 6 }),
    order: fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 12 }),
    seed: fc.nat(),
    cleared: fc.option(fc.nat({ max: 11 }), { nil: undefined }),
  })
  .map(({ rule, eta, neurons, order, seed, cleared }): ObservedEpisode => {
    const random = createRandom(seed, 'activations');
    const patterns = Array.from({ length: 5 }, () => Float32Array.from({ length: neurons }, () => Math.tanh(random.normal())));
    const y = new Float32Array(order.length * neurons);
    order.forEach((pattern, at) => y.set(patterns[pattern]!, at * neurons));
    const modulators = Float32Array.from(order, () => random.normal());
    const observed = { rule, eta, steps: order.length, neurons, y, modulators };
    return cleared === undefined ? observed : { ...observed, clearedAt: 1 + (cleared % order.length) };
  });

describe('the trace out of activations', () => {
  it('is that of the rule, at every step', () => {
    fc.assert(
      fc.property(episodes, (episode) => {
        const factors = createTraceFactors(episode);
        const n = episode.neurons;
        denseTraces(episode).forEach((trace, t) => {
          if (t === 0) return;
          const right = rightFactors(factors, t);
          const norm = Math.sqrt(trace.reduce((sum, value) => sum + value ** 2, 0));
          expect(Math.abs(traceNorm(factors, right) - norm)).toBeLessThan(1e-6 * (1 + norm));
          const matrix = traceMatrix(factors, right);
          trace.forEach((value, at) => {
            const one = traceValue(factors, right, Math.floor(at / n), at % n);
            expect(Math.abs(one - value)).toBeLessThan(1e-12 * (1 + Math.abs(value)));
            expect(matrix[at]).toBe(Math.fround(one));
          });
        });
      }),
    );
  });

  it('has one left factor for an activation, however often it comes', () => {
    const y = Float32Array.of(1, -1, 1, -1, 0.5, 0.5, 1, -1);
    const factors = createTraceFactors({ rule: 'hebb', eta: 0.1, steps: 4, neurons: 2, y });
    expect(factors.count).toBe(2);
    expect([1, 2, 3, 4].map(factors.leftOf)).toEqual([undefined, 0, 0, 1]);
  });
});

describe('the trace of an own rule', () => {
  /** What a rule of the user's gave at every step, as it is stored. */
  const asOwn = (episode: ObservedEpisode): ObservedEpisode => {
    const n = episode.neurons;
    const traces = new Float32Array((episode.steps + 1) * n * n);
    denseTraces(episode).forEach((trace, t) => t > 0 && traces.set(trace, (t - 1) * n * n));
    return { ...episode, rule: 'own', traces };
  };

  it('is what was given: matrix, value, synapse, norm and singular values', () => {
    fc.assert(
      fc.property(episodes, (episode) => {
        const own = asOwn(episode);
        const factors = createTraceFactors(own);
        const n = episode.neurons;
        const synapse = traceOfSynapse(factors, n - 1, 0);
        for (let t = 1; t <= episode.steps; t++) {
          const right = rightFactors(factors, t);
          const given = own.traces!.subarray((t - 1) * n * n, t * n * n);
          expect(traceMatrix(factors, right)).toEqual(given);
          expect(synapse[t - 1]).toBe(given[(n - 1) * n]);
          const norm = Math.hypot(...given);
          expect(traceNorm(factors, right)).toBeCloseTo(norm, 6);
          expect(Math.hypot(...traceSpectrum(factors, right))).toBeCloseTo(norm, 6);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps what is infinite to its own connection', () => {
    const y = Float32Array.of(1, -1, 0, 0.25);
    const traces = Float32Array.of(0, 0, 0, 0, Infinity, 2, 3, -Infinity, 0, 0, 0, 0);
    const factors = createTraceFactors({ rule: 'own', eta: 0, steps: 2, neurons: 2, y, traces });
    const right = rightFactors(factors, 2);
    expect([...traceMatrix(factors, right)]).toEqual([Infinity, 2, 3, -Infinity]);
    expect([0, 1, 2, 3].map((at) => traceValue(factors, right, at >> 1, at & 1))).toEqual([Infinity, 2, 3, -Infinity]);
    expect([...traceOfSynapse(factors, 1, 0)]).toEqual([0, 3]);
    expect([...traceOfSynapse(factors, 0, 0)]).toEqual([0, Infinity]);

    // The same of a coefficient.
    const weights = { w: new Float32Array(4), alpha: Float32Array.of(Infinity, 0, 1, 0) };
    const drive = splitDrive(factors, weights, 2, 0, () => '').blocks.get(wholeTrace);
    expect(drive).toBe(Infinity);
  });

  it('drives a neuron as one part, for nobody knows what each step wrote', () => {
    const y = Float32Array.of(1, -1, 0.5, 0.25, 1, -1);
    const [w, alpha] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 1, 2, 2)];
    const own = asOwn({ rule: 'hebb', eta: 0.5, steps: 3, neurons: 2, y });
    const parts = splitDrive(createTraceFactors(own), { w, alpha }, 3, 1, (step) => `block ${step}`);
    expect(parts.w).toBeCloseTo(0.5 * 2 + 0.25 * 4, 12);
    const hebb = own.traces!.subarray(2 * 4, 3 * 4);
    expect([...parts.blocks.keys()]).toEqual([wholeTrace]);
    expect(parts.blocks.get(wholeTrace)).toBeCloseTo(0.5 * hebb[1]! + 0.25 * 2 * hebb[3]!, 12);
  });
});

describe("a neuron's drive", () => {
  it('is the sum of the parts of w and of what each block wrote', () => {
    const property = fc.property(episodes, fc.nat(), (episode, seed) => {
      const { neurons: n, steps } = episode;
      const random = createRandom(seed, 'weights');
      const draw = () => Float32Array.from({ length: n * n }, () => random.normal());
      const [w, alpha] = [draw(), draw()];
      const factors = createTraceFactors(episode);
      const traces = denseTraces(episode);
      for (let t = 1; t <= steps; t++) {
        const previous = t > 1 ? activation(episode, t - 1) : new Float32Array(n);
        for (let j = 0; j < n; j++) {
          let drive = 0;
          for (let i = 0; i < n; i++) drive += previous[i]! * (w[i * n + j]! + alpha[i * n + j]! * traces[t]![i * n + j]!);
          const parts = splitDrive(factors, { w, alpha }, t, j, (step) => `block ${step % 3}`);
          const sum = [...parts.blocks.values()].reduce((total, part) => total + part, parts.w);
          expect(Math.abs(sum - drive)).toBeLessThan(1e-10 * (1 + Math.abs(drive)));
        }
      }
    });
    fc.assert(property, { numRuns: 50 });
  });
});
