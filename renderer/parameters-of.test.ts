import { expect, it } from 'vitest';
import type { ExperimentDescription } from '../core/contract/api/experiments.ts';
import { nearestPreset } from './parameters-of.ts';
import { aSpec } from './test-support/runs.ts';

const number = { kind: 'number', meaning: '', rule: '', unit: '', minimum: 0, maximum: 1e6, source: 'ours' } as const;
const usual = aSpec({ variant: 'free', parameters: { bits: 1000, patterns: 5, every: 100 } });
const named = (name: string, variant: string, bits: number, patterns: number) => ({
  ...{ name, title: '', source: 'ours', origins: {} },
  spec: { ...usual, variant, parameters: { bits, patterns, every: 100 } },
});
const experiment: ExperimentDescription = {
  ...{
    name: 'binary',
    title: '',
    summary: '',
    source: '',
    variants: [],
    rules: [],
    data: 'generated',
    deviations: [],
    episodes: 1,
    batch: 1,
  },
  score: { name: 'wrongBits', label: '', meaning: '', better: 'lower', format: 'percent' },
  parameters: [
    { ...number, name: 'bits', group: 'task', default: 1000 },
    { ...number, name: 'patterns', group: 'task', default: 5 },
    { ...number, name: 'every', group: 'run', default: 100 },
  ],
  preset: usual,
  presets: [named('small', 'free', 50, 2), named('small-lstm', 'lstm', 50, 2)],
};
const nearest = (bits: number, patterns: number, variant = 'free', every = 100) =>
  nearestPreset(experiment, { variant, parameters: { bits, patterns, every } })?.name;

it('is the one that differs in the least, the defaults before others, of its variant before others', () => {
  expect([nearest(1000, 5), nearest(1000, 2), nearest(50, 5), nearest(50, 2), nearest(40, 2)]).toEqual([
    undefined,
    undefined,
    undefined,
    'small',
    'small',
  ]);
  expect([nearest(50, 2, 'lstm'), nearest(50, 2, 'yoked'), nearest(1000, 5, 'free', 7)]).toEqual(['small-lstm', 'small', undefined]);
});
