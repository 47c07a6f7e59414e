/** What can be changed while looking, as a person chooses it. */
import type { Ablation } from '../../core/contract/ablation.ts';
import { alphaKnobs } from './ablations-alpha.ts';
import { isAgent, isFewShot, isPlastic, listEntry, numberEntry, type Knob, type Known, type NumberRange } from './ablations-knob.ts';

export type { Knob, LookedAt } from './ablations-knob.ts';

const eta: Knob = {
  kind: 'eta',
  label: 'another eta',
  meaning: 'the plasticity rate',
  unit: 'per step',
  start: () => '0.1',
  values: () => [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
  fits: (spec) => isPlastic(spec) && spec.variant !== 'modulated',
  ...numberEntry(
    { minimum: 0, maximum: 1 },
    (value) => ({ eta: value }),
    ({ eta: value }) => value,
  ),
};

const trace: Knob = {
  kind: 'hebb-zero',
  label: 'hebb = 0 at a step',
  meaning: 'what was written before is forgotten; the trace goes on from zero',
  unit: '',
  start: ({ step }) => String(step),
  values: ({ starts }) => starts,
  fits: isPlastic,
  ...numberEntry(
    { minimum: 1, maximum: 1e6, isWhole: true },
    (clearedAt) => ({ clearedAt }),
    ({ clearedAt }) => clearedAt,
  ),
};

const presentations: Knob = {
  kind: 'presentations',
  label: 'presentations shown',
  meaning: 'by their numbers: leave some out, put them in another order, show some again',
  unit: '',
  start: ({ presentations: count }) => Array.from({ length: count }, (_, at) => at + 1).join(' '),
  values: () => [],
  fits: (spec) => !isAgent(spec),
  isList: true,
  ...listEntry(
    (numbers) => ({ presentations: [...numbers] }),
    (ablation) => ablation.presentations,
  ),
};

function noiseKnob(place: 'inputs' | 'drives', label: string, meaning: string, fits: Knob['fits']): Knob {
  return {
    kind: `noise-${place}`,
    label,
    meaning,
    unit: 'sd',
    start: () => '0.2',
    values: () => [0, 0.05, 0.1, 0.2, 0.4, 0.8],
    fits,
    ...numberEntry(
      { minimum: 0, maximum: 100 },
      (sd) => ({ noise: { [place]: sd, seed: 0 } }),
      ({ noise }) => noise?.[place],
    ),
  };
}

const drawing: Knob = {
  kind: 'noise-drawing',
  label: 'another drawing of the noise',
  meaning: 'its number: the same sizes, other values; it changes nothing where there is no noise',
  unit: '',
  start: () => '1',
  values: () => [1, 2, 3, 4, 5, 6, 7, 8],
  fits: () => true,
  ...numberEntry(
    { minimum: 1, maximum: 2 ** 31, isWhole: true },
    (seed) => ({ noise: { seed } }),
    ({ noise: { seed = 0 } = {} }) => (seed === 0 ? undefined : seed),
  ),
};

const noise = [
  noiseKnob(
    'inputs',
    'noise on inputs',
    'Gaussian, on what is shown: its standard deviation beside pixels and bits from -1 to 1',
    () => true,
  ),
  noiseKnob(
    'drives',
    'noise on activations',
    'Gaussian, on what every computing neuron takes the tanh of, new at every step',
    (spec) => spec.variant !== 'lstm' && !isFewShot(spec),
  ),
  drawing,
];

function ruleKnob(rule: 'hebb' | 'oja', label: string, meaning: string): Knob {
  return {
    kind: `rule-${rule}`,
    label,
    meaning,
    unit: '',
    start: () => '',
    values: () => [],
    fits: ({ parameters, variant }) => (variant === 'free' || variant === 'yoked') && 'rule' in parameters && parameters['rule'] !== rule,
    problem: () => undefined,
    apply: () => ({ parameters: { rule } }),
    read: ({ parameters }) => (parameters?.['rule'] === rule ? '' : undefined),
  };
}

function parameterKnob(
  kind: string,
  name: string,
  words: Pick<Knob, 'label' | 'meaning' | 'unit'>,
  values: readonly number[],
  range: Omit<NumberRange, 'isWhole'>,
): Knob {
  const read = ({ parameters }: Ablation) => {
    const value = parameters?.[name];
    return typeof value === 'number' ? value : undefined;
  };
  return {
    kind,
    ...words,
    start: () => String(values.at(-2)),
    values: () => values,
    fits: ({ parameters }) => name in parameters,
    ...numberEntry({ ...range, isWhole: true }, (value) => ({ parameters: { [name]: value } }), read),
  };
}

const patterns = { label: 'number of patterns', meaning: 'more or fewer to remember than it was trained for', unit: 'patterns' };
const times = { label: 'presentations of each', meaning: 'how often each pattern is shown', unit: 'times' };
const delay = { label: 'delay between them', meaning: 'steps of blank input after each presentation', unit: 'steps' };

export const knobs: readonly Knob[] = [
  ...alphaKnobs,
  eta,
  ruleKnob('oja', "Oja's rule", "the trace changes by Oja's rule"),
  ruleKnob('hebb', "Hebb's rule", 'the trace decays and takes up'),
  trace,
  presentations,
  parameterKnob('patterns', 'patterns', patterns, [1, 2, 3, 4, 5, 6, 8, 10], { minimum: 1, maximum: 1000 }),
  parameterKnob('presentations-each', 'presentationsPerPattern', times, [1, 2, 3, 4, 6, 8], { minimum: 1, maximum: 1000 }),
  parameterKnob('delay', 'interPresentationDelay', delay, [0, 1, 2, 3, 5, 8, 12, 20], { minimum: 0, maximum: 1000 }),
  ...noise,
];

/** Those that the run's network and task have something for. */
export function knobsFor(spec: Known): readonly Knob[] {
  return knobs.filter(({ fits }) => fits(spec));
}

/** What cannot be changed in this run, and why. */
export function sayWhatIsNot(spec: Known): string[] {
  const reasons: string[] = [];
  if (!isPlastic(spec)) reasons.push('This network has no plastic part: there is no alpha, eta, rule or trace to change.');
  if (spec.variant === 'yoked') reasons.push('Its alpha is one number: it can be zero or scaled, not shuffled, thresholded or quantised.');
  if (spec.variant === 'modulated') reasons.push('Its trace is written as strongly as the network itself says: it has no eta.');
  if (isAgent(spec)) reasons.push('What an agent sees follows from what it does: there are no presentations to choose.');
  if (spec.variant === 'lstm') reasons.push('An LSTM takes noise on its inputs only.');
  else if (isFewShot(spec)) reasons.push('Noise goes on the images only: the plastic layer answers with a softmax.');
  return reasons;
}
