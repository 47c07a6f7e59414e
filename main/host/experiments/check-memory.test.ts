import { describe, expect, it } from 'vitest';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { createHostLab } from '../test-support/host-lab.ts';
import { checkMemory } from './check-memory.ts';

const estimate = { memoryBytes: 5e9, memoryPerEpisodeBytes: 1e9 };

describe('a run that memory cannot hold', () => {
  it('is refused with the batch that would fit', () => {
    expect(() => checkMemory(5, estimate, 5e9)).not.toThrow();
    expect(() => checkMemory(5, estimate, 3.5e9)).toThrow(
      'a batch of 5 takes about 5.0 GB of memory, and this machine has 3.5 GB: a batch of 3 would fit',
    );
    expect(() => checkMemory(5, estimate, 0.5e9)).toThrow('a smaller batch or network');
  });

  it('is not made, nor those that were asked for with it', async () => {
    const lab = createHostLab();
    const { api } = await lab.connect();
    const settings = { ways: 20, shots: 19, features: 512 };
    const large = createRunSpec({ experiment: 'omniglot', backend: 'wasm', batch: 1024, settings });
    await expect(api.runs.create({ specs: [createRunSpec({ experiment: 'binary', backend: 'wasm' }), large] })).rejects.toThrow(
      'a batch of 1024 takes about 681.',
    );
    expect(await api.runs.list({})).toMatchObject({ total: 0 });
    await lab.remove();
  });
});
