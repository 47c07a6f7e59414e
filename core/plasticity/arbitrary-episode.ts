/** Random episodes for property tests: protocols of every kind, with a network, given vectors and a loss at random steps. */
import * as fc from 'fast-check';
import { createRandom } from '../random.ts';
import { isFullyClamped } from './protocol.ts';
import type { Protocol, ProtocolStep, Rule } from './protocol.ts';

export interface RandomEpisode {
  readonly protocol: Protocol;
  readonly rule: Rule;
  readonly alphaKind: 'free' | 'yoked' | 'none';
  readonly batch: number;
  readonly eta: number;
  readonly w: Float64Array;
  readonly alpha: Float64Array;
  /** [G, B, N]. */
  readonly given: Float64Array;
  /** Computing step → [B, N]. */
  readonly dy: ReadonlyMap<number, Float64Array>;
}

const stepArbitrary = (neurons: number, givens: number): fc.Arbitrary<ProtocolStep[]> => {
  const row = fc.nat(givens - 1);
  const held = fc.tuple(row, fc.integer({ min: 1, max: 4 })).map(([given, count]) => {
    return Array.from({ length: count }, (): ProtocolStep => ({ free: { start: 0, end: 0 }, given, label: 'shown' }));
  });
  const computed = fc
    .tuple(
      row,
      fc.nat(neurons - 1),
      fc.integer({ min: 1, max: neurons }),
      fc.option(row, { nil: undefined }),
      fc.array(fc.nat(neurons - 1), { maxLength: 3 }),
    )
    .map(([given, start, length, input, clamped]): ProtocolStep[] => {
      const end = Math.min(neurons, start + length);
      const inside = [...new Set(clamped)].filter((neuron) => neuron >= start && neuron < end).sort((a, b) => a - b);
      const step = { free: { start, end }, given, label: 'computed' };
      return [{ ...step, ...(input === undefined ? {} : { input }), ...(inside.length > 0 ? { clamped: inside } : {}) }];
    });
  const blank = fc.constant<ProtocolStep[]>([{ free: { start: 0, end: neurons - 1 }, given: 0, label: 'blank' }]);
  // As in the images experiment: few patterns, each shown again and again, with the same pause after each.
  const presentations = fc
    .tuple(fc.array(row, { minLength: 3, maxLength: 7 }), fc.oneof(computed, blank), fc.integer({ min: 1, max: 2 }))
    .map(([rows, [pause], pauses]) =>
      rows.flatMap((given): ProtocolStep[] => [
        { free: { start: 0, end: 0 }, given, label: 'shown' },
        ...Array.from({ length: pauses }, () => pause!),
      ]),
    );
  return fc.array(fc.oneof(held, held, computed, blank, presentations), { minLength: 1, maxLength: 9 }).map((parts) => parts.flat());
};

/** What an episode is made from; small, so that a counterexample can be read. */
export const episodeShapes: fc.Arbitrary<EpisodeShape> = fc
  .record({
    neurons: fc.integer({ min: 2, max: 40 }),
    givens: fc.integer({ min: 1, max: 4 }),
    batch: fc.integer({ min: 1, max: 3 }),
    rule: fc.constantFrom<Rule>('hebb', 'oja'),
    alphaKind: fc.constantFrom('free' as const, 'free' as const, 'yoked' as const, 'none' as const),
    eta: fc.constantFrom(0, 0.01, 0.1, 0.45, 1),
    seed: fc.nat(1_000_000),
  })
  .chain((shape) =>
    fc
      .tuple(stepArbitrary(shape.neurons, shape.givens), fc.option(fc.nat(1_000), { freq: 2 }))
      .map(([steps, cleared]) => ({ ...shape, steps, ...(cleared === null ? {} : { clearedAt: 1 + (cleared % steps.length) }) })),
  );

export interface EpisodeShape {
  neurons: number;
  givens: number;
  batch: number;
  rule: Rule;
  alphaKind: 'free' | 'yoked' | 'none';
  eta: number;
  seed: number;
  steps: readonly ProtocolStep[];
  clearedAt?: number;
}

export function createEpisode({ neurons, givens, batch, rule, alphaKind, eta, seed, steps, clearedAt }: EpisodeShape): RandomEpisode {
  const random = createRandom(seed, 'episode');
  const normals = (count: number, scale: number) => Float64Array.from({ length: count }, () => Math.fround(scale * random.normal()));
  const scale = 1 / Math.sqrt(neurons);
  const given = Float64Array.from({ length: givens * batch * neurons }, () => Math.fround(2 * random.uniform() - 1));
  const computing = steps.flatMap((step, index) => (isFullyClamped(step) ? [] : [index + 1]));
  const looked = computing.filter((step) => step === computing.at(-1) || random.uniform() < 0.3);
  return {
    protocol: { neurons, givens, steps, ...(clearedAt === undefined ? {} : { clearedAt }) },
    rule,
    alphaKind,
    batch,
    eta: Math.fround(eta),
    w: normals(neurons * neurons, scale),
    alpha: alphaKind === 'free' ? normals(neurons * neurons, scale) : Float64Array.of(Math.fround(scale * random.normal())),
    given,
    dy: new Map(looked.map((step) => [step, normals(batch * neurons, 1)])),
  };
}
