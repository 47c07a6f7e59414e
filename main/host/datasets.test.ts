import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { omniglotFiles, pictureFiles, pictureOf, writeFiles, zipOfFiles } from '../datasets/test-support/sources.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { createHostLab, finishJob, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engram-lab-datasets-'));
  lab = createHostLab();
  client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 0 });
});
afterEach(async () => {
  await lab.remove();
  rmSync(folder, { recursive: true, force: true });
});

type NewDataset = Parameters<typeof client.api.datasets.add>[0];
const add = async (request: NewDataset) => finishJob(client, await client.api.datasets.add(request));
const pictures = (name = 'pictures') => writeFiles(join(folder, name), pictureFiles);
const stored = () => (existsSync(join(lab.data, 'datasets')) ? readdirSync(join(lab.data, 'datasets')).sort() : []);
const queueRun = async (dataset: string) => (await client.api.runs.create({ specs: [linearSpec({ dataset })] }))[0]!.id;
/** How a run stands once it could begin. */
const outcomeOf = async (run: string) => {
  await client.api.host.changeSettings({ cpuSlots: 1 });
  await until(async () => (await client.api.runs.get({ run })).status === 'failed');
  const { reason, attempts } = await client.api.runs.get({ run });
  return { reason, attempts };
};

describe('a data set', () => {
  it('is removed with its copy, whose bytes are told; what lies elsewhere stays', async () => {
    const source = pictures();
    const [copied] = (await add({ path: source, name: 'copied', place: 'copy' })).result;
    const [inPlace] = (await add({ path: source, place: 'in-place' })).result;
    expect(stored()).toEqual([copied!, inPlace!].sort());
    const { description } = await client.api.datasets.get({ dataset: 'copied' });
    expect(description.path).toBe(join(lab.data, 'datasets', copied!, 'data', 'pictures'));
    expect((await client.api.datasets.get({ dataset: 'pictures' })).description).toMatchObject({
      path: source,
      sha256: description.sha256,
    });

    // Both have a sheet of samples.
    const { freedBytes } = await client.api.datasets.remove({ dataset: inPlace! });
    expect((await client.api.datasets.remove({ dataset: copied! })).freedBytes).toBeGreaterThanOrEqual(freedBytes + description.sizeBytes);
    expect(stored().filter((name) => [copied, inPlace].includes(name))).toEqual([]);
    expect(readFileSync(join(source, 'cats/1.png'))).toEqual(Buffer.from(pictureFiles['cats/1.png']!));
    await expect(client.api.datasets.remove({ dataset: 'copied' })).rejects.toMatchObject({ code: 'unknown-dataset' });
  });

  it('cannot take a name that is none, nor one that is taken, nor one of those that come with Engram before anybody has seen them', async () => {
    const path = pictures();
    for (const name of ['photographs', 'characters'])
      await expect(client.api.datasets.add({ path, name, place: 'in-place' })).rejects.toMatchObject({ code: 'dataset-name-taken' });
    for (const name of ['/data/pictures', 'mine/pictures', ' padded ', 'two\nlines', '   '])
      await expect(client.api.datasets.add({ path, name, place: 'in-place' })).rejects.toMatchObject({
        kind: 'input',
        code: 'dataset-name',
      });
    // Where nobody chose a name, a free one is found.
    expect((await add({ path: pictures('photographs'), place: 'in-place' })).state).toBe('done');
    expect((await add({ path: pictures('photographs'), place: 'in-place' })).state).toBe('done');
    // Both were free when they were asked for.
    const both = await Promise.all([1, 2].map(() => add({ path, name: 'same', place: 'copy' })));
    expect(both.map(({ state, error }) => [state, error?.code])).toEqual([
      ['done', undefined],
      ['failed', 'dataset-name-taken'],
    ]);
    const names = (await client.api.datasets.list()).map(({ name }) => name);
    expect(names).toEqual(['characters', 'photographs', 'photographs 2', 'photographs 3', 'same']);
    expect(stored()).toHaveLength(5);
  });

  it('of characters is not for this experiment, and says so before a run is made', async () => {
    writeFiles(folder, { 'omniglot.zip': zipOfFiles(omniglotFiles) });
    await add({ path: join(folder, 'omniglot.zip'), name: 'drawn', place: 'in-place' });
    for (const dataset of ['drawn', 'characters'])
      await expect(client.api.runs.create({ specs: [linearSpec({ dataset })] })).rejects.toMatchObject({
        kind: 'input',
        code: 'dataset-unsuitable',
        message: expect.stringContaining(`"${dataset}"`),
      });
    expect((await client.api.runs.list({})).total).toBe(0);
  });
});

describe('a data set that is not what it was', () => {
  it('keeps a run from beginning, with the reason', async () => {
    const path = pictures();
    await add({ path, name: 'mine', place: 'in-place' });
    const run = await queueRun('mine');
    writeFileSync(join(path, 'cats/1.png'), pictureOf(77));
    expect(await outcomeOf(run)).toEqual({
      attempts: 0,
      reason: `mine is no longer what was imported: ${path} has other contents now`.replace('mine', 'pictures'),
    });
  });

  it('keeps a run from beginning when a file of it was lost, also of a copy', async () => {
    const [id] = (await add({ path: pictures(), name: 'mine', place: 'copy' })).result;
    const run = await queueRun('mine');
    rmSync(join(lab.data, 'datasets', id!, 'data', 'pictures', 'dogs', '9.png'));
    expect(await outcomeOf(run)).toEqual({ attempts: 0, reason: expect.stringContaining('is no longer what was imported') });
  });

  it('can be added again as it is now, and then serves', async () => {
    const path = pictures();
    await add({ path, name: 'before', place: 'in-place' });
    writeFileSync(join(path, 'cats/1.png'), pictureOf(77));
    await add({ path, name: 'after', place: 'in-place' });
    const run = await queueRun('after');
    // The run knows where it lies, and it goes on lying there.
    await client.api.datasets.remove({ dataset: 'before' });
    await expect(client.api.datasets.remove({ dataset: 'after' })).rejects.toMatchObject({ code: 'dataset-in-use' });
    await add({ path, name: 'again', place: 'in-place' });
    // Its trainer begins; that of the tests has no use for data sets.
    expect((await outcomeOf(run)).attempts).toBe(1);
  });
});

/** Processes that work for the host. */
function tasksOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim() === '' ? [] : children.trim().split(' ').map(Number);
}

describe.runIf(process.platform === 'linux')('an import whose process is killed', () => {
  const begin = async () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, seed) => [`${seed}.png`, pictureOf(seed, 64)]));
    const { job } = await client.api.datasets.add({ path: writeFiles(join(folder, 'many'), many), place: 'copy' });
    // The folder itself is looked at: a question to the host can come too late for what a quick disk copies in a few milliseconds.
    await until(() => stored().some((name) => name.endsWith('.unfinished')));
    return job;
  };

  it('says so, and leaves nothing', async () => {
    const job = await begin();
    for (const task of tasksOf(lab.pid())) process.kill(task, 'SIGKILL');
    expect(await finishJob(client, { job })).toMatchObject({ state: 'failed', error: { kind: 'failure', code: 'job-died' } });
    expect(stored()).toEqual([]);
    await expect(client.api.datasets.get({ dataset: 'many' })).rejects.toMatchObject({ code: 'unknown-dataset' });
  });

  it('together with the host leaves nothing to the next one', async () => {
    await begin();
    const tasks = tasksOf(lab.pid());
    for (const pid of [lab.pid(), ...tasks]) process.kill(pid, 'SIGKILL');
    expect(stored()).toEqual([expect.stringMatching(/\.unfinished$/)]);
    await lab.gone();
    client = await lab.connect();
    expect(stored()).toEqual([]);
    await expect(client.api.datasets.get({ dataset: 'many' })).rejects.toMatchObject({ code: 'unknown-dataset' });
  });
});

describe('an import that waits for another one', () => {
  it('can be given up before it begins', async () => {
    const first = await client.api.datasets.add({ path: pictures('one'), place: 'copy' });
    const second = await client.api.datasets.add({ path: pictures('two'), place: 'copy' });
    expect((await client.api.jobs.cancel(second)).state).toBe('cancelled');
    expect((await finishJob(client, first)).state).toBe('done');
    expect((await finishJob(client, second)).state).toBe('cancelled');
    expect(stored()).toHaveLength(1);
  });
});
