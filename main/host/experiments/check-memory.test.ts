import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { parseGpus, type GpuState } from '../machine/gpus.ts';
import { createHostLab } from '../test-support/host-lab.ts';
import { checkMemory, memoryFor } from './check-memory.ts';

const settings = { ways: 20, shots: 19, features: 512 };
const largeOn = (backend: string, device?: string) => createRunSpec({ experiment: 'omniglot', backend, device, batch: 1024, settings });
const estimate = { memoryBytes: 5e9, memoryPerEpisodeBytes: 1e9 };

describe('a run that memory cannot hold', () => {
  it('is refused with the batch that would fit', () => {
    const ofMachine = (bytes: number) => ({ owner: 'this machine', bytes });
    expect(() => checkMemory(5, estimate, ofMachine(5e9))).not.toThrow();
    expect(() => checkMemory(5, estimate, ofMachine(3.5e9))).toThrow(
      'a batch of 5 takes about 5.0 GB of memory, and this machine has 3.5 GB: a batch of 3 would fit',
    );
    expect(() => checkMemory(5, estimate, ofMachine(0.5e9))).toThrow('a smaller batch or network');
  });

  it('may be in the largest of the graphics cards, or in the one that is named, where these say how large they are', async () => {
    const [card, larger] = parseGpus('T4, 0, 0, 15360, 40, 30\nA10, 0, 0, 23040, 40, 30');
    const memoryOf = (spec: RunSpec, ...gpus: GpuState['gpus']) => memoryFor(spec, 'gpu', () => Promise.resolve({ gpus }));
    const only = { owner: 'the graphics card', bytes: 15_360 * 2 ** 20 };
    const largest = { owner: 'the largest graphics card', bytes: 23_040 * 2 ** 20 };
    expect(await memoryOf(largeOn('webgpu'), card!)).toEqual(only);
    expect(await memoryOf(largeOn('tensorflow', 'gpu:0'), card!, larger!)).toEqual(largest);
    expect(await memoryOf(largeOn('webgpu', 'T4'), card!, larger!)).toEqual(only);
    expect(await memoryOf(largeOn('webgpu', 'another'), card!, larger!)).toBeUndefined();
    expect(await memoryOf(largeOn('auto'), card!, { ...larger!, memoryTotalBytes: null })).toBeUndefined();
    expect(await memoryOf(largeOn('auto'))).toBeUndefined();
    expect(await memoryOf(createRunSpec({ experiment: 'maze' }), card!)).toMatchObject({ owner: 'this machine' });
  });

  it('is held by no more than WebAssembly addresses where that computes', async () => {
    const memoryOf = (choices: Parameters<typeof createRunSpec>[0]) =>
      memoryFor(createRunSpec(choices), 'cpu', () => Promise.reject(new Error()));
    expect(await memoryOf({ experiment: 'images', backend: 'tensorflow' })).toMatchObject({ owner: 'this machine' });
    const wasm = await memoryOf({ experiment: 'images', backend: 'wasm' });
    expect(wasm!.bytes).toBeLessThanOrEqual(2 ** 32);
    // The agents' kernel has a memory of its own, and needs little.
    expect(await memoryOf({ experiment: 'maze', backend: 'wasm' })).toMatchObject({ owner: 'this machine' });
  });

  it('is not made, nor those that were asked for with it', async () => {
    const lab = createHostLab();
    const { api } = await lab.connect();
    const small = createRunSpec({ experiment: 'binary', backend: 'wasm' });
    await expect(api.runs.create({ specs: [small, largeOn('wasm')] })).rejects.toThrow('a batch of 1024 takes about 4545.');
    expect(await api.runs.list({})).toMatchObject({ total: 0 });
    await lab.remove();
  });

  it('is not made for a graphics card that says how much it has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'engram-card-'));
    writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "Tesla T4, 0, 0, 15360, 40, 30"\n', { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    const lab = createHostLab();
    const { api } = await lab.connect();
    await expect(api.runs.create({ specs: [largeOn('webgpu')] })).rejects.toThrow(
      /^a batch of 1024 takes about 681\.\d GB of memory, and the graphics card has 16\.1 GB: a batch of \d+ would fit$/,
    );
    expect(await api.runs.list({})).toMatchObject({ total: 0 });
    await lab.remove();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
});
