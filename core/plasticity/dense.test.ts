import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEpisode, episodeShapes } from './arbitrary-episode.ts';
import { differentiateDense, runDense } from './dense.ts';
import type { DenseNetwork } from './dense.ts';
import type { Protocol, ProtocolStep, Rule } from './protocol.ts';

const rules: Rule[] = ['hebb', 'oja'];
const computing = (neurons: number, input?: number): ProtocolStep => {
  return { free: { start: 0, end: neurons }, given: 0, label: 'computed', ...(input === undefined ? {} : { input }) };
};
const shown = (given: number): ProtocolStep => ({ free: { start: 0, end: 0 }, given, label: 'shown' });

describe('the dense reference', () => {
  it.each(rules)('gives one step of %s by hand', (rule) => {
    // Two neurons: both shown, then both compute. hebb(2) = 0 (y(0) = 0), hebb(3) from y(1) and y(2).
    const protocol: Protocol = { neurons: 2, givens: 1, steps: [shown(0), computing(2)] };
    const network: DenseNetwork = { rule, w: Float64Array.of(0.1, 0.2, 0.3, 0.4), alpha: Float64Array.of(1, 1, 1, 1), eta: 0.5 };
    const { y, hebb } = runDense(protocol, network, Float64Array.of(1, -1));
    const second = [Math.tanh(0.1 - 0.3), Math.tanh(0.2 - 0.4)];
    expect([...y[2]!]).toEqual(second);
    expect([...hebb[2]!]).toEqual([0, 0, 0, 0]);
    expect([...hebb[3]!]).toEqual([0.5 * second[0]!, 0.5 * second[1]!, -0.5 * second[0]!, -0.5 * second[1]!]);
  });

  it.each(rules)('goes on from zero where %s is cleared: with what is written from there on', (rule) => {
    fc.assert(
      fc.property(episodeShapes, (shape) => {
        const { protocol, ...episode } = createEpisode(shape);
        const clearedAt = protocol.clearedAt ?? protocol.steps.length;
        const network: DenseNetwork = { ...episode, rule, alpha: episode.alphaKind === 'free' ? episode.alpha : episode.alpha[0]! };
        const { y, hebb } = runDense({ ...protocol, clearedAt }, network, oneEpisode({ protocol, ...episode }));
        expect(Math.max(...hebb[clearedAt]!.map(Math.abs))).toBe(0);
        const [before, now] = [y[clearedAt - 1]!, y[clearedAt]!];
        const written = Float64Array.from(hebb[clearedAt]!, (_, at) => {
          const n = protocol.neurons;
          return episode.eta * before[Math.floor(at / n)]! * now[at % n]!;
        });
        hebb[clearedAt + 1]!.forEach((value, at) => expect(value).toBeCloseTo(written[at]!, 12));
      }),
      { numRuns: 50 },
    );
  });

  it('decays under Hebb and bounds itself under Oja', () => {
    const protocol: Protocol = { neurons: 1, givens: 1, steps: Array.from({ length: 3 }, () => shown(0)) };
    const trace = (rule: Rule) => runDense(protocol, { rule, w: Float64Array.of(0), alpha: 0, eta: 0.1 }, Float64Array.of(2)).hebb[4]![0];
    expect(trace('hebb')).toBeCloseTo(0.1 * 4 + 0.9 * 0.1 * 4, 12);
    expect(trace('oja')).toBeCloseTo(0.1 * 4 + 0.1 * 2 * (2 - 2 * 0.4), 12);
  });

  const plain = (episode: ReturnType<typeof createEpisode>, alpha: DenseNetwork['alpha'], eta: number) =>
    runDense(episode.protocol, { rule: episode.rule, w: episode.w, alpha, eta }, oneEpisode(episode)).y.map((step) => [...step]);

  it('is a plain recurrent network when alpha is 0 or eta is 0', () => {
    fc.assert(
      fc.property(episodeShapes, (shape) => {
        const episode = createEpisode(shape);
        const rnn = plain(episode, undefined, episode.eta);
        expect(plain(episode, episode.alpha.map(() => 0).at(0) ?? 0, episode.eta)).toEqual(rnn);
        expect(plain(episode, episode.alphaKind === 'free' ? episode.alpha : episode.alpha[0]!, 0)).toEqual(rnn);
      }),
      { numRuns: 50 },
    );
  });

  it('has the gradients that central differences give, for every rule and kind of alpha', () => {
    fc.assert(
      fc.property(episodeShapes, fc.nat(10_000), (shape, pick) => {
        const episode = createEpisode({ ...shape, neurons: Math.min(shape.neurons, 6), steps: shape.steps.map((step) => clip(step, 6)) });
        const { protocol } = episode;
        const given = oneEpisode(episode);
        const n = protocol.neurons;
        const dy = new Map([...episode.dy].map(([step, values]) => [step, values.slice(0, n)]));
        const alpha = episode.alphaKind === 'free' ? episode.alpha : episode.alphaKind === 'yoked' ? episode.alpha[0]! : undefined;
        const network: DenseNetwork = { rule: episode.rule, w: episode.w, alpha, eta: episode.eta };
        const loss = (changed: DenseNetwork) => {
          const { y } = runDense(protocol, changed, given);
          return [...dy].reduce((sum, [step, values]) => sum + values.reduce((part, value, j) => part + value * y[step]![j]!, 0), 0);
        };
        const gradients = differentiateDense(protocol, network, runDense(protocol, network, given), dy);
        const central = (change: (by: number) => DenseNetwork, h: number) => (loss(change(h)) - loss(change(-h))) / (2 * h);
        // Two of them without their error in h² (Richardson): through many steps of Oja's rule a third derivative can be in the thousands.
        const slope = (change: (by: number) => DenseNetwork) => (4 * central(change, 5e-5) - central(change, 1e-4)) / 3;
        const nudged = (values: Float64Array, at: number, by: number) => values.map((value, index) => (index === at ? value + by : value));
        const at = pick % (n * n);
        const close = (actual: number, expected: number) =>
          expect(Math.abs(actual - expected)).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
        close(
          gradients.w[at]!,
          slope((by) => ({ ...network, w: nudged(network.w, at, by) })),
        );
        close(
          gradients.eta,
          slope((by) => ({ ...network, eta: network.eta + by })),
        );
        if (typeof alpha === 'number')
          close(
            gradients.alpha[0]!,
            slope((by) => ({ ...network, alpha: alpha + by })),
          );
        else if (alpha)
          close(
            gradients.alpha[at]!,
            slope((by) => ({ ...network, alpha: nudged(alpha, at, by) })),
          );
      }),
      { numRuns: 150 },
    );
  });
});

/** The first episode of a batch: [G, N]. */
function oneEpisode({ protocol, batch, given }: ReturnType<typeof createEpisode>): Float64Array {
  const n = protocol.neurons;
  return Float64Array.from({ length: protocol.givens * n }, (_, at) => given[Math.floor(at / n) * batch * n + (at % n)]!);
}

function clip(step: ProtocolStep, neurons: number): ProtocolStep {
  const { free, given, input, label } = step;
  const end = Math.min(free.end, neurons);
  return { free: { start: Math.min(free.start, end), end }, given, label, ...(input === undefined ? {} : { input }) };
}
