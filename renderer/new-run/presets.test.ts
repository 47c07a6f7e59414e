import { describe, expect, it } from 'vitest';
import type { ExperimentDescription, NamedPreset } from '../../core/contract/api/experiments.ts';
import type { Origin } from '../../core/contract/origin.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { createFields } from './fields.ts';
import { commandOf, originOf, papersValue, textsOf } from './presets.ts';

const usual: RunSpec = {
  version: 1,
  experiment: 'binary',
  variant: 'free',
  parameters: { bits: 1000, learningRate: 0.001, evaluationEvery: 50 },
  seed: 1,
  episodes: 500,
  batch: 1,
  backend: 'auto',
  precision: 'float32',
};
const published = 'arXiv 1804.02464 v1, section 4.1';
const preset = (source: string, bits: Origin = { source }): NamedPreset => ({
  name: 'small-lstm',
  title: '2 patterns',
  source,
  origins: { bits, learningRate: { source }, evaluationEvery: { source: 'ours' } },
  spec: { ...usual, variant: 'lstm', episodes: 40_000, parameters: { bits: 50, learningRate: 3e-5, evaluationEvery: 2000 } },
});
const number = (name: string, group: 'task' | 'training' | 'run', source: string) => {
  return { kind: 'number', name, group, meaning: '', source, rule: '', default: usual.parameters[name] as number, unit: '' } as const;
};
const experiment: ExperimentDescription = {
  name: 'binary',
  title: '',
  summary: '',
  source: '',
  variants: [],
  rules: [],
  score: { name: 'wrongBits', label: '', meaning: '', better: 'lower', format: 'percent' },
  data: 'generated',
  parameters: [
    { ...number('bits', 'task', published), minimum: 1, maximum: 2000 },
    { ...number('learningRate', 'training', 'ours'), minimum: 0, maximum: 1 },
    { ...number('evaluationEvery', 'run', 'ours'), minimum: 0, maximum: 1e6 },
  ],
  episodes: 500,
  batch: 1,
  deviations: [],
  preset: usual,
  presets: [],
};
const fields = createFields(experiment, usual, { name: '', group: '', tags: [] });
const field = (key: string) => fields.find((each) => each.key === key)!;
const papers = (chosen?: NamedPreset) => ['bits', 'learningRate', 'evaluationEvery'].map((key) => papersValue(field(key), chosen)?.value);

describe('a preset in the form', () => {
  it('decides the variant, the length and every parameter, in the words of the fields', () => {
    expect(textsOf(preset('ours').spec)).toEqual({
      variant: 'lstm',
      episodes: '40000',
      batch: '1',
      bits: '50',
      learningRate: '3e-5',
      evaluationEvery: '2000',
    });
  });

  it('brings the paper’s values where it is published, but not how often a run is looked at', () => {
    expect(papers()).toEqual(['1000', undefined, undefined]);
    expect(papers(preset(published))).toEqual(['50', '3e-5', undefined]);
    expect(papers(preset('ours'))).toEqual(['1000', undefined, undefined]);
  });

  it('calls nothing the paper’s that a published preset has from elsewhere, or otherwise than its source', () => {
    expect(papers(preset(published, { source: 'ours: as many as fit' }))).toEqual([undefined, '3e-5', undefined]);
    expect(papers(preset(published, { source: published, deviation: 'twice as many' }))).toEqual([undefined, '3e-5', undefined]);
    const [bits] = experiment.parameters;
    const changed = { ...experiment, parameters: [{ ...bits!, deviation: 'ten times as many' }] };
    const [other] = createFields(changed, usual, { name: '', group: '', tags: [] }).filter(({ key }) => key === 'bits');
    expect(papersValue(other!, undefined)).toBeUndefined();
  });

  it('says of each value where it comes from, of its own as of the experiment’s', () => {
    const own = { source: 'ours: as many as fit' };
    expect(originOf(field('bits'), preset(published, own))).toEqual(own);
    expect(originOf(field('bits'), undefined)).toMatchObject({ source: published });
    expect(originOf(field('episodes'), preset(published))).toBeUndefined();
  });

  it('stands in the command line by its name, and what was changed after it', () => {
    const { seed, ...spec } = preset(published).spec;
    const command = (changes: Partial<typeof spec>) =>
      commandOf({ spec: { ...spec, ...changes }, seeds: [seed] }, experiment, preset(published));
    expect(command({})).toBe('npm start -- train binary --preset small-lstm');
    expect(command({ variant: 'free', parameters: { ...spec.parameters, bits: 1000 } })).toBe(
      'npm start -- train binary --preset small-lstm --variant free --set bits=1000',
    );
    expect(commandOf({ spec, seeds: [seed] }, experiment, undefined)).toContain(
      'train binary --variant lstm --episodes 40000 --set bits=50',
    );
  });
});
