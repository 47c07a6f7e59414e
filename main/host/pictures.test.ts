import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunDetails } from '../../core/contract/api/runs.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { picturesOf } from './api/pictures-of-run.ts';
import { collect, createHostLab, finishJob, linearSpec, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
let run: RunDetails;
beforeAll(async () => {
  lab = createHostLab();
  client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const [made] = await client.api.runs.create({ specs: [linearSpec({ episodes: 50, settings: { evaluationEvery: 10 } })] });
  await collect(client.followRun(made!.id));
  run = await client.api.runs.get({ run: made!.id });
});
afterAll(() => lab.remove());

it('stand beside the evaluations that they were drawn at, the first one in any case', () => {
  const first = run.evaluations[0]!;
  expect(run.pictures[0]).toEqual({
    iteration: 10,
    episodes: 10,
    score: first.score,
    file: 'pictures/000000010.png',
    drawnAtMs: first.evaluatedAtMs,
  });
  for (const { file } of run.pictures) expect(readFileSync(join(run.folder, file)).subarray(1, 4).toString()).toBe('PNG');
});

it('are left out while a run that went back has not come there again', () => {
  const folder = { pictures: join(run.folder, 'pictures') };
  expect(picturesOf(folder, run.evaluations)).toEqual(run.pictures);
  expect(picturesOf(folder, [])).toEqual([]);
  expect(picturesOf({ pictures: join(run.folder, 'nowhere') }, run.evaluations)).toEqual([]);
});

it('go with the run into an archive and out of it', async () => {
  const to = join(lab.data, '..', 'run.engram.tar.gz');
  expect(await finishJob(client, await client.api.transfer.exportRuns({ runs: [run.id], format: 'archive', to }))).toMatchObject({
    state: 'done',
  });
  await client.api.runs.trash({ runs: [run.id] });
  await client.api.runs.purge({ runs: [run.id] });
  expect(existsSync(run.folder)).toBe(false);
  expect(await finishJob(client, await client.api.transfer.importRun({ path: to }))).toMatchObject({ state: 'done', result: [run.id] });
  expect((await client.api.runs.get({ run: run.id })).pictures).toEqual(run.pictures);
});
