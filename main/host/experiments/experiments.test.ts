import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { experiments, findExperiment } from '../../../core/experiments/index.ts';
import { binaryFiles, omniglotFiles, writeFiles, type Files } from '../../datasets/test-support/sources.ts';
import type { HostClient } from '../../host-client/connect-host.ts';
import { createHostLab, finishJob, type HostLab } from '../test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
beforeAll(async () => {
  lab = createHostLab();
  client = await lab.connect();
});
afterAll(() => lab.remove());

const estimate = (choices: object) => client.api.experiments.estimate({ spec: { ...createRunSpec({ experiment: 'images', ...choices }) } });

describe('experiments', () => {
  it('describes every parameter so that a form can be made of it', async () => {
    const [images] = await client.api.experiments.list();
    expect(images).toMatchObject({ name: 'images', preset: createRunSpec({ experiment: 'images' }) });
    expect(images!.parameters.map(({ name }) => name)).toEqual(Object.keys(images!.preset.parameters));
    for (const { meaning, source, rule } of images!.parameters) expect([meaning, source, rule]).not.toContain('');
  });

  it('says by what runs are judged, and what they are trained on', async () => {
    const all = await client.api.experiments.list();
    expect(all.map(({ name }) => name)).toEqual(experiments.map(({ name }) => name));
    expect(all.slice(0, 2)).toMatchObject([
      { name: 'images', score: { name: 'relativeError', label: 'relative error', better: 'lower', format: 'number' }, data: 'images' },
      { name: 'binary', score: { name: 'wrongBits', label: 'wrong bits', better: 'lower', format: 'percent' }, data: 'generated' },
    ]);
  });

  it('describes each preset complete, as the command line would train it', async () => {
    const all = await client.api.experiments.list();
    const described = all.flatMap(({ name, presets }) =>
      presets.map((preset) => ({ experiment: name, preset: preset.name, spec: preset.spec })),
    );
    const known = experiments.flatMap(({ name, presets }) => presets.map((preset) => ({ experiment: name, preset: preset.name })));
    expect(described).toEqual(known.map((choices) => ({ ...choices, spec: createRunSpec(choices) })));
    expect(all[1]!.presets[0]).toMatchObject({
      name: 'small',
      title: '2 patterns of 50 bits',
      origins: { bits: { source: expect.stringContaining('arXiv') }, testSteps: { source: expect.stringContaining('ours') } },
      spec: { episodes: 5000, parameters: { bits: 50 } },
    });
  });

  it('counts neurons, parameters and steps, and draws the protocol', async () => {
    const { neurons, parameters, steps, protocol } = await estimate({
      settings: { patterns: 2, presentationsPerPattern: 1, testSteps: 4 },
    });
    expect([neurons, parameters, steps]).toEqual([1025, 2 * 1025 ** 2 + 1, 2 * 22 + 4]);
    expect(protocol.map(({ steps: length }) => length)).toEqual([20, 2, 20, 2, 4]);
    expect(protocol.map(({ label }) => label.replace(/\d/, 'N'))).toEqual(['image N', 'blank', 'image N', 'blank', 'test']);
  });

  it('says what one more episode or iteration adds', async () => {
    const [one, nine] = [await estimate({ batch: 1, episodes: 100 }), await estimate({ batch: 9, episodes: 9 * 50 })];
    expect(nine.memoryBytes - one.memoryBytes).toBeCloseTo(8 * one.memoryPerEpisodeBytes, 3);
    expect(one.diskBytes - nine.diskBytes).toBeCloseTo(50 * one.diskPerIterationBytes, 3);
  });

  const expected = async (choices: { experiment: string; [name: string]: unknown }) => {
    const { reference, whyNoReference } = await client.api.experiments.estimate({ spec: { ...createRunSpec(choices) } });
    return reference ?? whyNoReference;
  };

  it('says what is expected of a run with these settings on these data, or why nothing is', async () => {
    const ofSmall = findExperiment('binary').references.find(({ preset }) => preset === 'small');
    expect(await expected({ experiment: 'binary', preset: 'small' })).toMatchObject({ metric: 'wrongBits', points: ofSmall?.points });
    expect(await expected({ experiment: 'images' })).toContain('cifar-10-binary or cifar-10-python, not for photographs');
    expect(await expected({ experiment: 'images', dataset: '/nowhere' })).toContain('not for a data set that the lab does not know');
    expect(await expected({ experiment: 'omniglot' })).toContain('omniglot, not for generated characters');
    expect(await expected({ experiment: 'maze', settings: { learningRate: 1e-3 } })).toBe('there is no reference for these settings');
    expect(await expected({ experiment: 'binary', batch: 8 })).toContain('a batch of 1, not of 8');
  });

  it('knows the data sets of the lab, and how many characters they have', async () => {
    const add = async (name: string, files: Files) => {
      const request = { path: writeFiles(join(lab.data, name), files), place: 'in-place' } as const;
      const { result } = await finishJob(client, await client.api.datasets.add(request));
      return (await client.api.datasets.get({ dataset: result[0]! })).description.path!;
    };
    const [cifar, drawn] = [await add('cifar', binaryFiles), await add('drawn', omniglotFiles)];
    expect(await expected({ experiment: 'images', dataset: cifar })).toMatchObject({
      metric: 'loss',
      source: expect.stringContaining('arXiv'),
    });
    expect(await expected({ experiment: 'omniglot', preset: 'v1', dataset: drawn })).toMatch(/1500 classes or more, not for \d$/);
  });

  it('knows no time before anything was measured, and refuses a spec in words', async () => {
    expect(await estimate({})).toMatchObject({ seconds: null, basis: expect.stringContaining('no such run') });
    const spec = { ...createRunSpec({ experiment: 'images' }), parameters: { patterns: 0 } };
    await expect(client.api.experiments.estimate({ spec })).rejects.toThrow('a whole number from 1 to 20, not 0');
  });
});
