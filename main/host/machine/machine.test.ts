import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createGpuReader, parseGpus } from './gpus.ts';
import { createMachineWatch } from './load.ts';
import { readLogTail } from './log-tail.ts';

const folder = mkdtempSync(join(tmpdir(), 'engram-machine-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('load', () => {
  it('says how busy processor and memory are, as a share since the question before', async () => {
    const watch = createMachineWatch();
    expect(await watch.read()).toMatchObject({ cpuShare: null, cores: expect.any(Number) });
    const endMs = performance.now() + 700;
    while (performance.now() < endMs) Math.sqrt(performance.now());
    const { cpuShare, memoryUsedBytes, memoryTotalBytes } = await watch.read();
    expect(cpuShare).toBeGreaterThan(0);
    expect(cpuShare).toBeLessThanOrEqual(1);
    expect(memoryUsedBytes).toBeLessThan(memoryTotalBytes);
  });
});

describe('graphics cards', () => {
  it('are read from what nvidia-smi prints', () => {
    expect(parseGpus('NVIDIA H100 80GB HBM3, 87, 1024, 81559, 41, 312.55\nTesla T4, [N/A], 3, 15360, [N/A], [N/A]\n')).toEqual([
      {
        name: 'NVIDIA H100 80GB HBM3',
        share: 0.87,
        memoryUsedBytes: 2 ** 30,
        memoryTotalBytes: 81_559 * 2 ** 20,
        temperatureCelsius: 41,
        powerWatts: 312.55,
      },
      {
        name: 'Tesla T4',
        share: null,
        memoryUsedBytes: 3 * 2 ** 20,
        memoryTotalBytes: 15 * 2 ** 30,
        temperatureCelsius: null,
        powerWatts: null,
      },
    ]);
  });

  it('are none, and that is no problem, where none was found before', async () => {
    expect(await createGpuReader(() => false, join(folder, 'no-such-program'))()).toEqual({ gpus: [], gpuProblem: null });
  });

  it('are missed where one was found before', async () => {
    const gone = await createGpuReader(() => true, join(folder, 'no-such-program'))();
    expect(gone).toEqual({ gpus: [], gpuProblem: expect.stringContaining('nvidia-smi') });
    const failing = join(folder, 'failing');
    writeFileSync(failing, '#!/bin/sh\necho "NVIDIA-SMI has failed: it could not communicate with the driver."\nexit 9\n');
    chmodSync(failing, 0o755);
    const lost = await createGpuReader(() => true, failing)();
    expect(lost.gpuProblem).toBe(
      'the graphics card does not answer any more (NVIDIA-SMI has failed: it could not communicate with the driver.)',
    );
  });
});

describe('the log', () => {
  it('is read from its end; lines of other programs are told as they are', async () => {
    const path = join(folder, 'host.log');
    const at = '2026-11-25T10:00:00.000Z';
    const lines = [
      { at, level: 'info', message: 'old' },
      { at, level: 'error', message: 'broke', stack: 'at here' },
    ].map((line) => JSON.stringify(line));
    writeFileSync(path, `${lines.join('\n')}\nGPU found\n`);
    expect((await readLogTail(path, 2)).entries).toEqual([
      { at, level: 'error', message: 'broke', stack: 'at here' },
      { at: '', level: 'output', message: 'GPU found', stack: null },
    ]);
    expect((await readLogTail(join(folder, 'none'), 5)).entries).toEqual([]);
  });
});
