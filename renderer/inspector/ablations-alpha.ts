/** What can be changed of the plasticity coefficients. */
import type { AlphaChange } from '../../core/contract/ablation.ts';
import { isPlastic, numberEntry, type Knob, type NumberRange } from './ablations-knob.ts';

type Kind = AlphaChange['kind'];

function alphaKnob<Chosen extends Exclude<Kind, 'zero'>>(
  kind: Chosen,
  words: Pick<Knob, 'meaning' | 'unit'>,
  [start, ...values]: readonly number[],
  range: NumberRange,
  make: (value: number) => Extract<AlphaChange, { kind: Chosen }>,
  read: (change: Extract<AlphaChange, { kind: Chosen }>) => number,
): Knob {
  const isOne = (change: AlphaChange): change is Extract<AlphaChange, { kind: Chosen }> => change.kind === kind;
  return {
    kind: `alpha-${kind}`,
    label: `alpha ${kind}`,
    ...words,
    start: () => String(start),
    values: () => values,
    fits: (spec) => isPlastic(spec) && (kind === 'scaled' || spec.variant !== 'yoked'),
    ...numberEntry(
      range,
      (value) => ({ alpha: [make(value)] }),
      ({ alpha }) => {
        const found = alpha?.find(isOne);
        return found === undefined ? undefined : read(found);
      },
    ),
  };
}

const zero: Knob = {
  kind: 'alpha-zero',
  label: 'alpha = 0',
  meaning: 'no plastic part: what the baseline weights do alone',
  unit: '',
  start: () => '',
  values: () => [],
  fits: isPlastic,
  problem: () => undefined,
  apply: () => ({ alpha: [{ kind: 'zero' }] }),
  read: ({ alpha }) => (alpha?.some(({ kind }) => kind === 'zero') === true ? '' : undefined),
};

/** The first of each one's numbers is what it begins with, the others are a sweep's. */
export const alphaKnobs: readonly Knob[] = [
  zero,
  alphaKnob(
    'scaled',
    { meaning: 'all plasticity coefficients times a factor', unit: '×' },
    [0.5, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2],
    { minimum: -100, maximum: 100 },
    (factor) => ({ kind: 'scaled', factor }),
    ({ factor }) => factor,
  ),
  alphaKnob(
    'shuffled',
    { meaning: 'the same coefficients at other places', unit: 'seed' },
    [0, 0, 1, 2, 3],
    { minimum: 0, maximum: 2 ** 31, isWhole: true },
    (seed) => ({ kind: 'shuffled', seed }),
    ({ seed }) => seed,
  ),
  alphaKnob(
    'thresholded',
    { meaning: 'the smallest coefficients, by this share of all, are zero', unit: 'of all' },
    [0.5, 0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99],
    { minimum: 0, maximum: 1 },
    (share) => ({ kind: 'thresholded', share }),
    ({ share }) => share,
  ),
  alphaKnob(
    'quantised',
    { meaning: 'each coefficient becomes the nearest of so many values', unit: 'values' },
    [9, 3, 5, 9, 17, 33, 65, 257],
    { minimum: 2, maximum: 65_536, isWhole: true },
    (levels) => ({ kind: 'quantised', levels }),
    ({ levels }) => levels,
  ),
];
