import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../core/files/png.ts';
import { decodeNpz } from '../../core/files/npz.ts';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { decodeSafetensors } from '../../core/files/safetensors.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { collect, createHostLab, finishJob, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
let scratch: string;
let run: string;
beforeAll(async () => {
  lab = createHostLab();
  scratch = mkdtempSync(join(tmpdir(), 'engram-jobs-'));
  client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const [made] = await client.api.runs.create({ specs: [linearSpec({ episodes: 400 })], name: 'first', tags: ['kept'] });
  run = made!.id;
  await collect(client.followRun(run));
});
afterAll(async () => {
  await lab.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** A folder of pictures, each another one. */
function drawImages(folder: string, count: number, side = 48): string {
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < count; number++) {
    const pixels = Uint8Array.from({ length: side * side }, (_, index) => ((index * index * (number + 1)) % 65_521) % 256);
    writeFileSync(join(folder, `${number}.png`), encodePng({ width: side, height: side, channels: 1, pixels }));
  }
  return folder;
}

describe('data sets', () => {
  it('that come with Engram are there from the beginning', async () => {
    const datasets = await client.api.datasets.list();
    expect(datasets.map(({ id, place }) => [id, place])).toEqual([
      ['characters', 'built-in'],
      ['photographs', 'built-in'],
    ]);
    for (const { thumbnails } of datasets) expect(existsSync(thumbnails!)).toBe(true);
    await expect(client.api.datasets.remove({ dataset: 'photographs' })).rejects.toMatchObject({ code: 'dataset-built-in' });
  });

  it('are copied by a job, while the host goes on answering', async () => {
    const source = drawImages(join(scratch, 'pictures'), 600);
    const { job } = await client.api.datasets.add({ path: source, name: 'mine', place: 'copy' });
    const working = finishJob(client, { job });
    let answers = 0;
    while (!['done', 'failed'].includes((await client.api.jobs.list()).find(({ id }) => id === job)!.state)) {
      await client.api.runs.list({});
      answers++;
      await sleep(5);
    }
    expect(await working).toMatchObject({ state: 'done', error: null });
    expect(answers).toBeGreaterThan(10);

    const added = await client.api.datasets.get({ dataset: 'mine' });
    expect((await working).result).toEqual([added.id]);
    expect(added).toMatchObject({ place: 'copy', runs: 0, description: { images: 600 } });
    expect(added.description.path!.startsWith(join(lab.data, 'datasets', added.id))).toBe(true);
    await expect(client.api.datasets.add({ path: source, name: 'mine', place: 'copy' })).rejects.toMatchObject({
      code: 'dataset-name-taken',
    });
  });

  it('are not removed while a run that waits needs them, and then free their bytes', async () => {
    await client.api.host.changeSettings({ cpuSlots: 0 });
    const { description, id } = await client.api.datasets.get({ dataset: 'mine' });
    const [waiting] = await client.api.runs.create({ specs: [linearSpec({ dataset: 'mine' })] });
    expect(waiting!.spec.dataset).toBe(description.path);
    await expect(client.api.datasets.remove({ dataset: 'mine' })).rejects.toMatchObject({
      code: 'dataset-in-use',
      message: expect.stringContaining(waiting!.id),
    });
    await expect(client.api.runs.create({ specs: [linearSpec({ dataset: 'min' })] })).rejects.toMatchObject({
      code: 'unknown-dataset',
      message: expect.stringContaining('"mine"'),
    });

    // What is no longer there is noticed before a trainer is started.
    renameSync(description.path!, `${description.path!}-away`);
    await client.api.host.changeSettings({ cpuSlots: 1 });
    await until(async () => (await client.api.runs.get({ run: waiting!.id })).status === 'failed');
    expect(await client.api.runs.get({ run: waiting!.id })).toMatchObject({ reasonCode: 'dataset-missing', attempts: 0 });
    const { freedBytes } = await client.api.datasets.remove({ dataset: id });
    expect(freedBytes).toBeGreaterThan(600 * 100);
    expect(existsSync(join(lab.data, 'datasets', id))).toBe(false);
    await client.api.runs.trash({ runs: [waiting!.id] });
    await client.api.runs.purge({ runs: [waiting!.id] });
  });

  it('that cannot serve are refused with the reason', async () => {
    const job = await finishJob(client, await client.api.datasets.add({ path: join(scratch, 'nowhere'), place: 'in-place' }));
    expect(job).toMatchObject({ state: 'failed', error: { kind: 'input', code: 'dataset-missing' } });
    await expect(client.api.datasets.add({ path: 'here', place: 'copy' })).rejects.toMatchObject({ code: 'path-relative' });
  });

  it('that are too small for a run, or are nowhere, are said so before it waits for them', async () => {
    const small = drawImages(join(scratch, 'small'), 8, 32);
    await finishJob(client, await client.api.datasets.add({ path: small, name: 'tiny', place: 'in-place' }));
    const { total } = await client.api.runs.list({});
    const create = (dataset: string) => client.api.runs.create({ specs: [linearSpec({ dataset, settings: { imageSize: 40 } })] });
    for (const dataset of ['tiny', small]) {
      await expect(create(dataset)).rejects.toMatchObject({
        code: 'images-too-small',
        message: expect.stringContaining('pieces of 40 × 40, and tiny has images of 32 × 32: an imageSize up to 32'),
      });
    }
    const whole = linearSpec({ dataset: 'tiny', settings: { imageSize: 32 } });
    await expect(client.api.runs.create({ specs: [whole] })).rejects.toMatchObject({
      code: 'dataset-too-small',
      message: expect.stringMatching(
        /^patterns 3 asks for 3 different pieces of 32 × 32 in an episode, and all that tiny has for evaluation is 1:/,
      ),
    });
    await expect(create(join(scratch, 'nowhere'))).rejects.toMatchObject({
      code: 'dataset-missing',
      message: `the data set "${join(scratch, 'nowhere')}" does not exist`,
    });
    await expect(client.api.runs.clone({ run, changes: { imageSize: 40, dataset: 'tiny' } })).rejects.toMatchObject({
      code: 'images-too-small',
    });
    expect(await client.api.runs.list({})).toMatchObject({ total });
    const characters = createRunSpec({ experiment: 'omniglot', dataset: small });
    await expect(client.api.runs.create({ specs: [characters] })).rejects.toMatchObject({ code: 'dataset-unsuitable' });
    // Another one in its place serves, whatever the lab knows of the one before.
    rmSync(small, { recursive: true });
    await expect(create('tiny')).rejects.toMatchObject({ code: 'dataset-missing' });
    drawImages(small, 8, 64);
    await finishJob(client, await client.api.datasets.add({ path: small, name: 'tiny again', place: 'in-place' }));
    const [fits] = await create(small);
    await client.api.runs.stop({ run: fits!.id, now: true });
    await until(async () => (await client.api.runs.get({ run: fits!.id })).status !== 'running');
    await client.api.runs.trash({ runs: [fits!.id] });
    await client.api.runs.purge({ runs: [fits!.id] });
    for (const dataset of ['tiny', 'tiny again']) await client.api.datasets.remove({ dataset });
  });

  it('can be given up in the middle, and leave nothing', async () => {
    const source = drawImages(join(scratch, 'many'), 1500);
    const { job } = await client.api.datasets.add({ path: source, name: 'given up', place: 'copy' });
    await until(async () => (await client.api.jobs.list()).find(({ id }) => id === job)!.done > 0);
    await client.api.jobs.cancel({ job });
    expect(await finishJob(client, { job })).toMatchObject({ state: 'cancelled', result: [] });
    await expect(client.api.datasets.get({ dataset: 'given up' })).rejects.toMatchObject({ code: 'unknown-dataset' });
    await expect(client.api.jobs.cancel({ job })).rejects.toMatchObject({ code: 'job-ended' });
    await expect(client.api.jobs.cancel({ job: 'none' })).rejects.toMatchObject({ code: 'unknown-job' });
  });
});

describe('transfer', () => {
  it('writes metrics for other programs', async () => {
    const csv = join(scratch, 'metrics.csv');
    expect(
      await finishJob(client, await client.api.transfer.exportRuns({ runs: [run], format: 'csv', to: csv, names: ['loss'] })),
    ).toMatchObject({ state: 'done', result: [csv] });
    const lines = readFileSync(csv, 'utf8').split('\r\n');
    expect(lines[0]).toBe('iteration,episodes,loss');
    expect(lines).toHaveLength(402);
    const exact = await client.api.metrics.at({ run, iteration: 7 });
    expect(lines[7]).toBe(`7,7,${exact['loss']}`);

    const jsonl = join(scratch, 'metrics.jsonl');
    expect((await finishJob(client, await client.api.transfer.exportRuns({ runs: [run], format: 'jsonl', to: jsonl }))).state).toBe('done');
    const first = JSON.parse(readFileSync(jsonl, 'utf8').split('\n')[6]!) as Record<string, number>;
    expect(first).toMatchObject({ iteration: 7, ...exact });
    await expect(client.api.transfer.exportRuns({ runs: [run], format: 'csv', to: csv, names: ['los'] })).rejects.toMatchObject({
      code: 'unknown-metric',
      message: expect.stringContaining('"loss"'),
    });
  });

  it('writes metrics of several runs into one file, and each run into an archive of its own', async () => {
    const [made] = await client.api.runs.create({ specs: [linearSpec({ episodes: 20, seed: 2 })] });
    const second = made!.id;
    await collect(client.followRun(second));
    const runs = [run, second];
    const exported = async (format: 'csv' | 'jsonl' | 'archive', to: string) =>
      finishJob(client, await client.api.transfer.exportRuns({ runs, format, to, ...(format === 'archive' ? {} : { names: ['loss'] }) }));

    const csv = join(scratch, 'both.csv');
    expect((await exported('csv', csv)).result).toEqual([csv]);
    const lines = readFileSync(csv, 'utf8').split('\r\n');
    expect([lines[0], lines.length]).toEqual(['run,iteration,episodes,loss', 1 + 400 + 20 + 1]);
    expect(lines[401]).toBe(`${second},1,1,${(await client.api.metrics.at({ run: second, iteration: 1 }))['loss']}`);

    const jsonl = join(scratch, 'both.jsonl');
    await exported('jsonl', jsonl);
    const rows = readFileSync(jsonl, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(rows[419]!)).toMatchObject({ run: second, iteration: 20 });

    const { result } = await exported('archive', join(scratch, 'archives'));
    expect(result).toEqual(runs.map((id) => join(scratch, 'archives', `${id}.engram.tar.gz`)));
    for (const file of result) expect(existsSync(file)).toBe(true);
    // What is a file cannot be the folder for several.
    expect(await exported('archive', csv)).toMatchObject({ state: 'failed', error: { kind: 'input', code: 'export-not-writable' } });
    expect(readFileSync(csv, 'utf8').split('\r\n')).toEqual(lines);
    await client.api.runs.trash({ runs: [second] });
    await client.api.runs.purge({ runs: [second] });
  });

  it('is refused where nothing can be written or read, and leaves nothing', async () => {
    const at = async (to: string) => finishJob(client, await client.api.transfer.exportRuns({ runs: [run], format: 'csv', to }));
    for (const to of ['/proc/metrics.csv', join(scratch, 'x'.repeat(300)), join(scratch, 'a\0b'), scratch])
      expect(await at(to)).toMatchObject({ state: 'failed', error: { kind: 'input', code: 'export-not-writable' } });
    await expect(client.api.transfer.exportRuns({ runs: [run], format: 'csv', to: 'here.csv' })).rejects.toMatchObject({
      code: 'path-relative',
    });
    const from = join(scratch, 'not-an-archive');
    writeFileSync(from, 'text');
    const runsBefore = readdirSync(lab.data).toSorted();
    expect(await finishJob(client, await client.api.transfer.importRun({ path: from }))).toMatchObject({
      state: 'failed',
      error: { kind: 'input', code: 'archive-format', message: expect.stringContaining(from) },
    });
    expect(readdirSync(lab.data).toSorted()).toEqual(runsBefore);
  });

  it('writes what a run has learned', async () => {
    for (const format of ['safetensors', 'npz'] as const) {
      const { result } = await finishJob(
        client,
        await client.api.transfer.exportRuns({ runs: [run], format, to: join(scratch, 'arrays') }),
      );
      expect(result).toEqual([join(scratch, 'arrays', `${run}.${format}`)]);
      const bytes = readFileSync(result[0]!);
      const arrays = format === 'npz' ? decodeNpz(bytes) : decodeSafetensors(bytes).arrays;
      expect(Object.keys(arrays)).toEqual(['w']);
    }
  });

  it('takes a run to another lab, with what people had evaluated, and refuses one that is there', async () => {
    expect(await finishJob(client, await client.api.runs.evaluate({ run, episodes: 7 }))).toMatchObject({ state: 'done' });
    const archive = join(scratch, 'run.engram.tar.gz');
    expect(await finishJob(client, await client.api.transfer.exportRuns({ runs: [run], format: 'archive', to: archive }))).toMatchObject({
      state: 'done',
    });
    const again = await finishJob(client, await client.api.transfer.importRun({ path: archive }));
    expect(again).toMatchObject({ state: 'failed', error: { kind: 'input', code: 'run-exists' } });

    const other = createHostLab();
    try {
      const there = await other.connect();
      expect(await finishJob(there, await there.api.transfer.importRun({ path: archive }))).toMatchObject({ state: 'done', result: [run] });
      const imported = await there.api.runs.get({ run });
      const original = await client.api.runs.get({ run });
      expect(imported).toMatchObject({
        name: 'first',
        tags: ['kept'],
        status: 'finished',
        episodes: 400,
        createdAtMs: original.createdAtMs,
      });
      expect(imported.evaluations).toEqual(original.evaluations);
      expect(imported.evaluations.some(({ heldOutEpisodes }) => heldOutEpisodes === 7)).toBe(true);
      expect(await there.api.metrics.values({ run, name: 'loss' })).toEqual(await client.api.metrics.values({ run, name: 'loss' }));
    } finally {
      await other.remove();
    }
  });
});

describe('the databases', () => {
  it('are copied when asked to', async () => {
    const { file, bytes } = await client.api.host.backup();
    expect(statSync(file).size).toBe(bytes);
  });

  it('are made anew from the run folders', async () => {
    await client.api.runs.update({ run, note: 'a note', group: 'a group', protected: true });
    await client.api.views.save({ name: 'a view', view: { columns: ['loss'] } });
    const trial = { name: 'no trace', file: 'checkpoints/000000001.safetensors', iteration: 1, seed: 3, ablation: { clearedAt: 6 } };
    const tried = await client.api.inspector.tried.keep({
      run,
      tried: { ...trial, episodes: 4, changed: { loss: 2, score: 0.5 }, usual: { loss: 1, score: null }, sweep: null },
    });
    const before = await client.api.runs.get({ run });
    const values = await client.api.metrics.values({ run, name: 'loss' });
    const { state, error, result } = await finishJob(client, await client.api.host.rebuild());
    expect([state, error]).toEqual(['done', null]);
    for (const file of result) expect(existsSync(file)).toBe(true);
    const { happenings: _before, ...kept } = before;
    expect(await client.api.runs.get({ run })).toMatchObject({ ...kept, sizeBytes: expect.any(Number) });
    expect(await client.api.metrics.values({ run, name: 'loss' })).toEqual(values);
    expect(await client.api.inspector.tried.list({ run })).toEqual([{ ...tried, id: expect.any(Number) }]);
    expect(await client.api.views.list()).toEqual([{ name: 'a view', view: { columns: ['loss'] } }]);
    expect((await client.api.host.settings()).minimumFreeBytes).toBe(0);
    expect((await client.api.datasets.list()).map(({ id }) => id)).toEqual(['characters', 'photographs']);
  });

  it('leave runs in the states that people gave them', async () => {
    await client.api.host.changeSettings({ cpuSlots: 0 });
    const specs = ['queued', 'second', 'paused', 'stopped'].map((_, seed) => linearSpec({ seed }));
    const [first, second, paused, stopped] = (await client.api.runs.create({ specs })).map(({ id }) => id);
    await client.api.queue.move({ run: second!, before: first! });
    await client.api.runs.pause({ run: paused! });
    await client.api.runs.stop({ run: stopped! });
    await client.api.runs.update({ run, protected: false });
    await client.api.runs.trash({ runs: [run] });
    const before = await Promise.all([paused!, stopped!, run].map((id) => client.api.runs.get({ run: id })));
    const { state, error } = await finishJob(client, await client.api.host.rebuild());
    expect([state, error]).toEqual(['done', null]);
    expect((await client.api.queue.list()).map(({ id }) => id)).toEqual([second, first]);
    for (const { id, status, reason, trashedAtMs } of before)
      expect(await client.api.runs.get({ run: id })).toMatchObject({ status, reason, trashedAtMs });
  });
});
