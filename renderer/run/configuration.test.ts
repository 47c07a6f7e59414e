import { expect, it } from 'vitest';
import type { ExperimentDescription } from '../../core/contract/api/experiments.ts';
import { aSpec } from '../test-support/runs.ts';
import { configurationOf } from './configuration.ts';

const usual = aSpec({ variant: 'free', parameters: { alpha: 0.01, every: 50 } });
const number = { kind: 'number', meaning: '', rule: '', unit: '', minimum: 0, maximum: 100 } as const;
const experiment: ExperimentDescription = {
  ...{ name: 'images', title: '', summary: '', source: '', variants: [], rules: [], data: 'images', deviations: [], episodes: 1, batch: 1 },
  score: { name: 'relativeError', label: '', meaning: '', better: 'lower', format: 'number' },
  parameters: [
    { ...number, name: 'alpha', group: 'plasticity', default: 0.01, source: "the authors' published code", deviation: 'half as much' },
    { ...number, name: 'every', group: 'run', default: 50, source: 'ours' },
  ],
  preset: usual,
  presets: [
    {
      ...{ name: 'quick', title: '', source: 'ours', origins: { alpha: { source: 'ours' }, every: { source: 'ours' } } },
      spec: { ...usual, parameters: { alpha: 0.3, every: 7 } },
    },
  ],
};
const sources = (alpha: number, every = 50) => {
  const lines = configurationOf(aSpec({ variant: 'free', parameters: { alpha, every } }), experiment).flatMap((group) => group.lines);
  return ['alpha', 'every'].map((name) => lines.find((line) => line.name === name)?.source);
};

it('says where a value comes from: its preset, where the run is as one, else the experiment’s default, whose value it tells', () => {
  expect(sources(0.01)).toEqual(["Default: the authors' published code; half as much", 'Default: ours']);
  expect(sources(0.3, 7)).toEqual(['As in the preset quick: ours', 'As in the preset quick: ours']);
  expect(sources(0.3)).toEqual(['As in the preset quick: ours', 'Default: ours']);
  expect(sources(0.2)).toEqual(["Default 0.01: the authors' published code; half as much", 'Default: ours']);
});
