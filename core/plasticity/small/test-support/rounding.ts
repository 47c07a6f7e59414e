/**
 * What single precision may change (for tests; not used by the product): a fixed relative tolerance is too strict where large parts cancel or a network
 * is chaotic, and too loose elsewhere. So the reference itself is asked how far it moves when its inputs are rounded.
 */
import type { Random } from '../../../random.ts';
import { createReferenceRecurrent } from '../reference.ts';
import { isModulatedRule, type SmallRecurrentOptions, type SmallWeights, type Vector } from '../small-recurrent.ts';
import { runEpisode, type SmallCase, type SmallEpisode } from './small-case.ts';

/** Half a unit in the last place of a float32. */
const rounding = 2 ** -24;
const tries = 3;

/** Everything that a network computes of some episodes, by name, one number after another. */
export type Outcome = Readonly<Record<'y' | 'traceNorms' | 'drives' | 'modulators' | 'w' | 'alpha' | 'eta', readonly number[]>>;

/** Episodes one after another, gradients summed. */
export function outcomeOf(
  create: typeof createReferenceRecurrent,
  options: SmallRecurrentOptions,
  weights: SmallWeights,
  episodes: readonly SmallEpisode[],
): Outcome {
  const recurrent = create(options);
  recurrent.setWeights(weights);
  const results = episodes.map((episode) => runEpisode(recurrent, episode, isModulatedRule(options.rule)));
  const { w, alpha, eta } = recurrent.gradients();
  const join = (vectors: readonly Vector[]) => vectors.flatMap((vector) => Array.from(vector));
  return {
    y: results.flatMap(({ y }) => join(y)),
    traceNorms: results.flatMap(({ traceNorms }) => traceNorms),
    drives: results.flatMap(({ drives }) => join(drives)),
    modulators: results.flatMap(({ modulators }) => modulators),
    w: Array.from(w),
    alpha: Array.from(alpha),
    eta: [eta],
  };
}

/** How far the reference's outcome, each kind of number by itself, is from `expected` at most when its inputs are rounded at random. */
export function roundingErrors(
  expected: Outcome,
  one: SmallCase,
  episodes: readonly SmallEpisode[],
  random: Random,
): Readonly<Record<keyof Outcome, number>> {
  const round = (value: number) => value * (1 + rounding * random.normal());
  const roundAll = (values: Vector) => Float64Array.from(values, round);
  const worst = { y: 0, traceNorms: 0, drives: 0, modulators: 0, w: 0, alpha: 0, eta: 0 };
  for (let attempt = 0; attempt < tries; attempt++) {
    const weights = { w: roundAll(one.weights.w), alpha: roundAll(one.weights.alpha), eta: round(one.weights.eta) };
    let at = 0;
    const rounded = episodes.map(({ drives, modulators, dy }) => ({
      drives: drives.map(roundAll),
      modulators: modulators.map(round),
      // Of 1 - y², a slope of tanh, it is 1 and y² that are rounded.
      dy: dy.map((gradient) =>
        Float64Array.from(gradient, (value) => {
          const slope = Math.max(rounding, 1 - expected.y[at++]! ** 2);
          return value * (1 + (2 * rounding * random.normal()) / slope);
        }),
      ),
    }));
    const found = outcomeOf(createReferenceRecurrent, one, weights, rounded);
    for (const kind of kindsOf(expected)) worst[kind] = Math.max(worst[kind], largestDifference(found[kind], expected[kind]));
  }
  return worst;
}

export const kindsOf = (outcome: Outcome) => Object.keys(outcome) as (keyof Outcome)[];

/** NaN where one of the numbers is. */
export function largestDifference(found: readonly number[], expected: readonly number[]): number {
  return found.reduce((worst, value, at) => Math.max(worst, Math.abs(value - expected[at]!)), 0);
}

export const largest = (values: readonly number[]) => values.reduce((worst, value) => Math.max(worst, Math.abs(value)), 0);
