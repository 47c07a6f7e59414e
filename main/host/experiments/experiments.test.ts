import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { experiments } from '../../../core/experiments/index.ts';
import type { HostClient } from '../../host-client/connect-host.ts';
import { createHostLab, type HostLab } from '../test-support/host-lab.ts';

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

  it('knows no time before anything was measured, and refuses a spec in words', async () => {
    expect(await estimate({})).toMatchObject({ seconds: null, basis: expect.stringContaining('no such run') });
    const spec = { ...createRunSpec({ experiment: 'images' }), parameters: { patterns: 0 } };
    await expect(client.api.experiments.estimate({ spec })).rejects.toThrow('a whole number from 1 to 20, not 0');
  });
});
