import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFiles, writeFiles } from '../../datasets/test-support/sources.ts';
import type { HostClient } from '../../host-client/connect-host.ts';
import { createHostLab, type HostLab } from '../test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
const sources = mkdtempSync(join(tmpdir(), 'engram-pets-'));
const pets = join(sources, 'pets');
beforeAll(async () => {
  writeFiles(pets, pictureFiles);
  lab = createHostLab();
  client = await lab.connect();
});
afterAll(async () => {
  await lab.remove();
  rmSync(sources, { recursive: true, force: true });
});

describe('datasets.samples', () => {
  it('draws them once, keeps them, and gives them up with the data set', async () => {
    const { api } = client;
    const { job } = await api.datasets.add({ path: pets, place: 'in-place' });
    let dataset = '';
    for await (const { result } of await api.jobs.watch({ job })) [dataset = ''] = result;

    const [first, same] = await Promise.all([api.datasets.samples({ dataset }), api.datasets.samples({ dataset: 'pets' })]);
    expect(first).toEqual(same);
    expect(first.samples).toHaveLength(10);
    const sheet = join(lab.data, 'datasets', dataset, 'samples', first.sheets[0]!);
    const { mtimeMs } = statSync(sheet);

    // What was drawn stays, though the data set itself has gone.
    rmSync(pets, { recursive: true });
    expect(await api.datasets.samples({ dataset })).toEqual(first);
    expect(statSync(sheet).mtimeMs).toBe(mtimeMs);

    expect((await api.datasets.remove({ dataset })).freedBytes).toBeGreaterThan(1000);
    expect(existsSync(sheet)).toBe(false);
  });
});
