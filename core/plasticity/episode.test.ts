import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../backend/operations.ts';
import { availableBackends } from '../backend/test-backends.ts';
import { createEpisode, episodeShapes } from './arbitrary-episode.ts';
import { differentiateDense, runDense } from './dense.ts';
import { evaluateEpisode } from './evaluate.ts';
import { createPlan } from './plan.ts';
import type { PlanOptions } from './plan.ts';
import type { RandomEpisode } from './arbitrary-episode.ts';

const forms: Record<string, Omit<PlanOptions, 'mixTerms'>> = {
  factored: { chunkLength: Infinity, keepProducts: false },
  'factored, products kept': { chunkLength: Infinity, keepProducts: true },
  'chunked (5)': { chunkLength: 5, keepProducts: true },
  'dense (chunks of 1)': { chunkLength: 1, keepProducts: false },
};

/** The first 8 episodes of the seed below have every rule with every kind of alpha: enough for a slow card. */
const runsOf = (backend: Backend) => (backend.name !== 'webgpu' ? 60 : 'isSoftware' in backend && backend.isSoftware === true ? 8 : 20);

/** The dense reference over a batch: activations a computing step, gradients summed over the batch. */
function reference(episode: RandomEpisode) {
  const { protocol, batch } = episode;
  const n = protocol.neurons;
  const alpha = episode.alphaKind === 'free' ? episode.alpha : episode.alphaKind === 'yoked' ? episode.alpha[0]! : undefined;
  const network = { rule: episode.rule, w: episode.w, alpha, eta: episode.eta };
  const total = { w: new Float64Array(n * n), alpha: new Float64Array(alpha === undefined ? 0 : episode.alpha.length), eta: 0 };
  const y = Array.from({ length: batch }, (_, b) => {
    const given = new Float64Array(protocol.givens * n);
    for (let g = 0; g < protocol.givens; g++) given.set(episode.given.subarray((g * batch + b) * n, (g * batch + b + 1) * n), g * n);
    const trajectory = runDense(protocol, network, given);
    const dy = new Map([...episode.dy].map(([step, values]) => [step, values.slice(b * n, (b + 1) * n)]));
    const gradients = differentiateDense(protocol, network, trajectory, dy);
    gradients.w.forEach((value, index) => (total.w[index]! += value));
    gradients.alpha.forEach((value, index) => (total.alpha[index]! += value));
    total.eta += gradients.eta;
    return trajectory.y;
  });
  return { y, ...total };
}

const largest = (values: Iterable<number>) => Math.max(0, ...[...values].map(Math.abs));
/** Largest difference relative to the largest entry; tiny gradients are compared absolutely. */
const relativeDifference = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
  const differences = Array.from(expected, (value, index) => (actual[index] ?? Number.NaN) - value);
  return largest(differences) / Math.max(largest(Array.from(expected)), 1e-3);
};

describe.each(await availableBackends({ emulated: true }))('episodes on $name', ({ backend }) => {
  it.each(Object.entries(forms))('%s agrees with the dense reference, values and gradients', { timeout: 300_000 }, async (_, options) => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(episodeShapes, async (shape) => {
        const episode = createEpisode(shape);
        seen.add(`${episode.rule}, ${episode.alphaKind}`);
        const { operations } = backend;
        const before = operations.liveTensors();
        const expected = reference(episode);
        const alpha =
          episode.alphaKind === 'free' ? Float32Array.from(episode.alpha) : episode.alphaKind === 'yoked' ? episode.alpha[0] : undefined;
        const network = { rule: episode.rule, w: Float32Array.from(episode.w), alpha, eta: episode.eta };
        const dy = new Map([...episode.dy].map(([step, values]) => [step, Float32Array.from(values)]));
        const plan = createPlan(episode.protocol, { ...options, mixTerms: episode.rule === 'hebb' && episode.alphaKind === 'free' });
        const actual = await evaluateEpisode(operations, plan, network, Float32Array.from(episode.given), episode.batch, dy);
        for (const [step, values] of actual.y) {
          const n = episode.protocol.neurons;
          const expectedValues = Array.from({ length: episode.batch }, (__, b) => [...expected.y[b]![step]!]).flat();
          expect(values.length).toBe(episode.batch * n);
          expect(largest(expectedValues.map((value, index) => value - values[index]!))).toBeLessThan(1e-5);
        }
        expect(relativeDifference(actual.w, expected.w)).toBeLessThan(1e-4);
        if (episode.alphaKind === 'free') expect(relativeDifference(actual.alpha, expected.alpha)).toBeLessThan(1e-4);
        // A single number's gradient is a sum of large terms of either sign: it is compared on the scale of the gradient of w as a whole.
        const scale = Math.max(Math.hypot(...expected.w), 0.01);
        const numbers = episode.alphaKind === 'yoked' ? [[actual.alpha[0]!, expected.alpha[0]!]] : [];
        for (const [found, wanted] of [...numbers, [actual.eta, expected.eta]] as [number, number][]) {
          expect(Math.abs(found - wanted) / Math.max(Math.abs(wanted), scale)).toBeLessThan(1e-4);
        }
        expect(operations.liveTensors()).toBe(before);
      }),
      { seed: 20262983, numRuns: runsOf(backend) },
    );
    expect(seen.size).toBe(6);
  });
});
