/** What can be changed while looking, as a person chooses it. */
import type { Ablation } from '../../core/contract/ablation.ts';

export interface Knob {
  readonly kind: string;
  readonly label: string;
  readonly meaning: string;
  /** The knob's values for a sweep; empty where there is nothing to turn. */
  readonly values: readonly number[];
  readonly start: number;
  readonly unit: string;
  readonly apply: (value: number) => Ablation;
}

export const knobs: readonly Knob[] = [
  { kind: 'none', label: 'nothing', meaning: 'the network as it was stored', values: [], start: 0, unit: '', apply: () => ({}) },
  {
    kind: 'alpha-zero',
    label: 'alpha = 0',
    meaning: 'no plastic part: what the baseline weights do alone',
    values: [],
    start: 0,
    unit: '',
    apply: () => ({ alpha: [{ kind: 'zero' }] }),
  },
  {
    kind: 'alpha-scaled',
    label: 'alpha scaled',
    meaning: 'all plasticity coefficients times a factor',
    values: [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2],
    start: 0.5,
    unit: '×',
    apply: (factor) => ({ alpha: [{ kind: 'scaled', factor }] }),
  },
  {
    kind: 'alpha-shuffled',
    label: 'alpha shuffled',
    meaning: 'the same coefficients at other places',
    values: [0, 1, 2, 3],
    start: 0,
    unit: 'seed',
    apply: (seed) => ({ alpha: [{ kind: 'shuffled', seed: Math.round(seed) }] }),
  },
  {
    kind: 'alpha-thresholded',
    label: 'alpha thresholded',
    meaning: 'the smallest coefficients, by this share of all, are zero',
    values: [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99],
    start: 0.5,
    unit: 'of all',
    apply: (share) => ({ alpha: [{ kind: 'thresholded', share }] }),
  },
  {
    kind: 'alpha-quantised',
    label: 'alpha quantised',
    meaning: 'each coefficient becomes the nearest of so many values',
    values: [3, 5, 9, 17, 33, 65, 257],
    start: 9,
    unit: 'values',
    apply: (levels) => ({ alpha: [{ kind: 'quantised', levels: Math.round(levels) }] }),
  },
  {
    kind: 'eta',
    label: 'another eta',
    meaning: 'the plasticity rate',
    values: [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
    start: 0.1,
    unit: 'per step',
    apply: (eta) => ({ eta }),
  },
  {
    kind: 'rule-oja',
    label: "Oja's rule",
    meaning: "the trace changes by Oja's rule",
    values: [],
    start: 0,
    unit: '',
    apply: () => ({ parameters: { rule: 'oja' } }),
  },
  {
    kind: 'rule-hebb',
    label: "Hebb's rule",
    meaning: 'the trace decays and takes up',
    values: [],
    start: 0,
    unit: '',
    apply: () => ({ parameters: { rule: 'hebb' } }),
  },
  {
    kind: 'patterns',
    label: 'number of patterns',
    meaning: 'more or fewer to remember than it was trained for',
    values: [1, 2, 3, 4, 5, 6, 8, 10],
    start: 6,
    unit: 'patterns',
    apply: (patterns) => ({ parameters: { patterns: Math.round(patterns) } }),
  },
  {
    kind: 'presentations',
    label: 'presentations of each',
    meaning: 'how often each pattern is shown',
    values: [1, 2, 3, 4, 6, 8],
    start: 1,
    unit: 'times',
    apply: (times) => ({ parameters: { presentationsPerPattern: Math.round(times) } }),
  },
  {
    kind: 'delay',
    label: 'delay between them',
    meaning: 'steps of blank input after each presentation',
    values: [0, 1, 2, 3, 5, 8, 12, 20],
    start: 12,
    unit: 'steps',
    apply: (steps) => ({ parameters: { interPresentationDelay: Math.round(steps) } }),
  },
];

/** Those that the run's experiment has something for. */
export function knobsFor(parameters: Readonly<Record<string, unknown>>, isPlastic: boolean): readonly Knob[] {
  return knobs.filter((knob) => {
    if (knob.kind === 'none') return true;
    const { alpha, eta, parameters: changed } = knob.apply(knob.start);
    if (alpha !== undefined || eta !== undefined) return isPlastic;
    return Object.keys(changed ?? {}).every((name) => name in parameters && (name !== 'rule' || isPlastic));
  });
}
