import { describe, expect, it } from 'vitest';
import type { HostGradients } from '../../networks/host-learned.ts';
import { addGradients } from '../../training/shared-batch.ts';
import { createFusedRecurrent } from './fused.ts';
import { createReferenceRecurrent } from './reference.ts';
import { shareOut, type Share } from './shares.ts';
import type { SmallRecurrent } from './small-recurrent.ts';
import { drawSmallCase, runEpisode } from './test-support/small-case.ts';

const batch = 7;
// A rate at which some traces are kept, some repeated and some inverted.
const options = { neurons: 9, steps: 30, alphaKind: 'free', rule: 'oja' } as const;
const cases = Array.from({ length: batch }, (_, index) => drawSmallCase(index, options, 0.4));
const [{ weights }] = cases as [(typeof cases)[number]];

function run(recurrent: SmallRecurrent, { from, to }: Share): HostGradients {
  recurrent.setWeights(weights);
  for (const one of cases.slice(from, to)) runEpisode(recurrent, one, false);
  const { w, alpha, eta } = recurrent.gradients();
  return { matrices: { w, alpha }, numbers: { eta } };
}

describe('a batch shared out', () => {
  it('has every episode once, in shares that do not depend on who takes them', () => {
    expect(shareOut(7, 3)).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 6 },
      { from: 6, to: 7 },
    ]);
    expect(shareOut(30, 15).length).toBe(2);
    expect(shareOut(1, 15)).toEqual([{ from: 0, to: 1 }]);
    expect(() => shareOut(3, 0)).toThrow('at least one episode, not 0');
  });

  it('gives the same bits by one network after another as by a network a share, whichever is first', () => {
    const shares = shareOut(batch, 3);
    const one = createFusedRecurrent(options);
    const alone = addGradients(shares.map((share) => run(one, share)));
    const [a, b] = [createFusedRecurrent(options), createFusedRecurrent(options)];
    const last = run(b, shares[2]!);
    const first = run(a, shares[0]!);
    expect(addGradients([first, run(b, shares[1]!), last])).toEqual(alone);
  });

  it('gives the sum over the whole batch', () => {
    const whole = run(createReferenceRecurrent(options), { from: 0, to: batch });
    const shared = addGradients(shareOut(batch, 2).map((share) => run(createReferenceRecurrent(options), share)));
    for (const [name, values] of Object.entries(whole.matrices)) {
      values.forEach((value, at) => expect(shared.matrices[name]![at]).toBeCloseTo(value, 10));
    }
    expect(shared.numbers['eta']).toBeCloseTo(whole.numbers['eta']!, 10);
  });
});
