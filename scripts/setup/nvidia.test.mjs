import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainUnusable, findGpuProblem } from './nvidia.mjs';

describe('a card can run the GPU library', () => {
  test.each([
    ['of today', 'NVIDIA H100 80GB HBM3, 550.54.15, 9.0\n', null],
    ['of the oldest generation', 'Tesla P100-PCIE-16GB, 525.60.13, 6.0\n', null],
    ['beside an older one', 'Quadro M4000, 550.54.15, 5.2\nNVIDIA L4, 550.54.15, 8.9\n', null],
    ['that does not tell', 'NVIDIA L4, 550.54.15, [N/A]\n', null],
    ['that is too old', 'Quadro M4000, 550.54.15, 5.2\n', 'Quadro M4000 has 5.2'],
    ['whose driver is too old', 'NVIDIA A100, 470.82.01, 8.0\n', 'driver 470.82.01 is older than 525.60'],
    ['that is not there', '\n', 'finds no graphics card'],
  ])('%s', (_name, output, problem) => {
    expect(explainUnusable(output)).toEqual(problem === null ? null : expect.stringContaining(problem));
  });
});

describe('nvidia-smi', () => {
  /** @type {string} */ let folder;
  const outer = process.env.PATH;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'engram-nvidia-'));
    process.env.PATH = `${folder}${path.delimiter}/bin`;
  });
  afterEach(() => {
    process.env.PATH = outer;
    rmSync(folder, { recursive: true });
  });

  /** @param {string} text a shell script */
  function install(text) {
    writeFileSync(path.join(folder, 'nvidia-smi'), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(folder, 'nvidia-smi'), 0o755);
  }

  test('that answers is believed', async () => {
    install('echo "NVIDIA L4, 550.54.15, 8.9"');
    expect(await findGpuProblem()).toBeNull();
  });

  test('that fails is told of with its own words', async () => {
    install('echo "NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver"; exit 9');
    expect(await findGpuProblem()).toContain('could not communicate with the NVIDIA driver');
  });

  test('that is missing says nothing about the card', async () => {
    expect(await findGpuProblem()).toBeNull();
  });
});
