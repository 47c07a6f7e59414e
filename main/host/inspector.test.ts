/** Looking inside runs, through the host, with the product's own trainings. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { encodeNpz } from '../../core/files/npz-write.ts';
import { decodeSafetensors, encodeSafetensors } from '../../core/files/safetensors.ts';
import type { RunChoices } from '../../core/experiments/create-run-spec.ts';
import { pictureFiles, writeFiles } from '../datasets/test-support/sources.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { collect, createHostLab, finishJob, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
const small = {
  imageSize: 8,
  patterns: 2,
  presentationsPerPattern: 2,
  presentationSteps: 3,
  interPresentationDelay: 2,
  checkpointEvery: 50,
};
const train = async (choices: Partial<RunChoices> = {}) => {
  const [run] = await client.api.runs.create({ specs: [linearSpec({ episodes: 110, settings: small, ...choices })] });
  await collect(client.followRun(run!.id));
  return run!.id;
};
/** Nothing that is asked of it changes it. */
let run: string;
beforeAll(async () => {
  lab = createHostLab(undefined, 500, 'real');
  client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  run = await train();
});
afterAll(() => lab.remove());

const read = (file: string): NamedArrays => decodeSafetensors(readFileSync(join(lab.data, file))).arrays;
const foldersOf = (id: string) => readdirSync(join(lab.data, 'inspection')).filter((name) => name.startsWith(id));
const values = (file: string, name: string) => [...read(file)[name]!.data];

describe('looking inside a run', () => {
  it('computes an episode of any checkpoint again, with what the network has learned', async () => {
    const newest = await client.api.inspector.episode({ run, seed: 3 });
    expect(newest).toMatchObject({ iteration: 110, seed: 3, rule: 'hebb', picture: { width: 8, height: 8 } });
    expect(newest.labels.at(-1)).toBe('test');
    const { y, target } = read(newest.file);
    expect(y!.shape).toEqual([newest.labels.length, 65]);
    const answer = Array.from(y!.data).slice(-65, -1);
    const loss = answer.reduce((sum, value, at) => sum + (value - target!.data[at]!) ** 2, 0);
    expect(loss).toBeCloseTo(newest.loss, 4);
    expect(read(newest.weights)['alpha']!.shape).toEqual([65, 65]);

    // Weights alone are enough.
    const { checkpoints } = await client.api.runs.get({ run });
    const early = checkpoints.find(({ kind, removed }) => kind === 'weights' && !removed)!;
    const before = await client.api.inspector.episode({ run, seed: 3, file: early.file });
    expect(before.iteration).toBe(early.iteration);
    expect(values(before.weights, 'w')).not.toEqual(values(newest.weights, 'w'));
    // The same question has the same answer.
    const again = await client.api.inspector.episode({ run, seed: 3 });
    expect(values(again.file, 'y')).toEqual(values(newest.file, 'y'));
  });

  it('follows connections and all alpha through the stored checkpoints', async () => {
    const { checkpoints } = await client.api.runs.get({ run });
    const found = await client.api.inspector.history({ run, synapses: [[3, 40]] });
    expect(found.map(({ file }) => file)).toEqual(checkpoints.filter(({ removed }) => !removed).map(({ file }) => file));
    for (const { file, iteration, w, alpha, spread } of found) {
      const episode = await client.api.inspector.episode({ run, seed: 0, file });
      const weights = read(episode.weights);
      expect([iteration, w[0], alpha[0]]).toEqual([
        episode.iteration,
        weights['w']!.data[3 * 65 + 40],
        weights['alpha']!.data[3 * 65 + 40],
      ]);
      expect(spread!.counts.reduce((sum, count) => sum + count, 0)).toBe(65 * 65);
    }
    expect(found.length).toBeGreaterThan(1);
    await expect(client.api.inspector.history({ run, synapses: [[3, 65]] })).rejects.toMatchObject({ code: 'out-of-range' });
  });

  it('changes the network or the task for the one who looks, and nothing of the run', async () => {
    const { api } = client;
    const plain = await api.inspector.score({ run, episodes: 5 });
    const cut = await api.inspector.episode({ run, seed: 3, ablation: { alpha: [{ kind: 'zero' }] } });
    expect(new Set(values(cut.weights, 'alpha'))).toEqual(new Set([0]));
    const without = await api.inspector.score({ run, episodes: 5, ablation: { alpha: [{ kind: 'zero' }] } });
    expect(without.loss).not.toBe(plain.loss);
    const more = await api.inspector.episode({ run, seed: 3, ablation: { parameters: { patterns: 4, rule: 'oja' } } });
    expect(more.rule).toBe('oja');
    expect(new Set(more.labels)).toEqual(new Set(['image 1', 'image 2', 'image 3', 'image 4', 'blank', 'test']));
    expect(await api.inspector.score({ run, episodes: 5 })).toEqual(plain);
    await expect(api.inspector.episode({ run, seed: 3, ablation: { parameters: { pattern: 4 } } })).rejects.toMatchObject({
      code: 'unknown-parameter',
    });
    await expect(api.inspector.episode({ run, seed: 3, ablation: { parameters: { imageSize: 16 } } })).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
    });
  });

  it('changes an episode: the trace cleared, presentations chosen, noise, and several things at once', async () => {
    const { api } = client;
    const usual = await api.inspector.episode({ run, seed: 3 });
    expect(usual.clearedAt).toBeNull();
    const ablation = { alpha: [{ kind: 'thresholded' as const, share: 0.5 }], eta: 0.1, clearedAt: 6, presentations: [4, 1, 1] };
    const changed = await api.inspector.episode({ run, seed: 3, ablation: { ...ablation, noise: { inputs: 0.1, drives: 0.1, seed: 1 } } });
    expect(changed).toMatchObject({ clearedAt: 6, eta: 0.1 });
    const presentation = (number: number) => usual.labels.slice(5 * (number - 1), 5 * number);
    expect(changed.labels).toEqual([4, 1, 1].flatMap(presentation).concat(usual.labels.slice(20)));
    const zeros = (alpha: readonly number[]) => alpha.filter((value) => value === 0).length;
    expect(zeros(values(changed.weights, 'alpha'))).toBe(Math.floor(65 * 65 * 0.5));
    // A change of the episode alone leaves the network's file as it is.
    const cleared = await api.inspector.episode({ run, seed: 3, ablation: { clearedAt: usual.labels.length } });
    const again = await api.inspector.episode({ run, seed: 3 });
    expect(again.weights).toBe(cleared.weights);
    expect(values(again.file, 'y')).toEqual(values(usual.file, 'y'));
    // Cleared before the last step, nothing plastic takes part in it.
    const plain = await api.inspector.score({ run, episodes: 4 });
    expect((await api.inspector.score({ run, episodes: 4, ablation: { clearedAt: 20 } })).loss).not.toBe(plain.loss);
    const gallery = await api.inspector.gallery({ run, episodes: 4, ablation: { clearedAt: usual.labels.length } });
    expect(values(gallery.file, 'loss')[3]).toBeCloseTo(cleared.loss, 4);
    await expect(api.inspector.episode({ run, seed: 3, ablation: { clearedAt: 200 } })).rejects.toMatchObject({
      code: 'ablation-not-possible',
      message: `the episode has ${usual.labels.length} steps: its trace cannot be cleared at step 200`,
    });
    await expect(api.inspector.gallery({ run, episodes: 1, ablation: { presentations: [5] } })).rejects.toMatchObject({
      code: 'ablation-not-possible',
    });
  });

  it('keeps what was tried with the run, through its archive and back, until the run is purged', async () => {
    const { api } = client;
    const { checkpoints } = await api.runs.get({ run });
    const { file, iteration } = checkpoints.at(-1)!;
    const trial = {
      ...{ name: '  no trace ', file, iteration, seed: 3, ablation: { clearedAt: 6 }, episodes: 4 },
      ...{ changed: { loss: 2, score: 0.5 }, usual: { loss: 1, score: null }, sweep: null },
    };
    const kept = await api.inspector.tried.keep({ run, tried: trial });
    expect(kept.name).toBe('no trace');
    await api.inspector.tried.rename({ run, id: kept.id, name: 'cleared at 6' });
    const { id: _id, ...described } = { ...kept, name: 'cleared at 6' };
    const listed = async () => (await api.inspector.tried.list({ run })).map(({ id: _one, ...rest }) => rest);
    expect(await listed()).toEqual([described]);
    await expect(api.inspector.tried.rename({ run, id: 12_345, name: 'x' })).rejects.toMatchObject({ code: 'unknown-tried' });

    const to = join(lab.data, '..', 'with-tried.engram.tar.gz');
    await finishJob(client, await api.transfer.exportRuns({ runs: [run], format: 'archive', to }));
    await api.runs.trash({ runs: [run] });
    await api.runs.purge({ runs: [run] });
    await expect(api.inspector.tried.list({ run })).rejects.toMatchObject({ code: 'unknown-run' });
    await finishJob(client, await api.transfer.importRun({ path: to }));
    expect(await listed()).toEqual([described]);
    const { id } = (await api.inspector.tried.list({ run }))[0]!;
    expect(await api.inspector.tried.remove({ run, id })).toEqual({ removed: true });
    expect(await listed()).toEqual([]);
  });

  it("draws its episodes from one's own pictures where they are named", async () => {
    const { api } = client;
    const path = writeFiles(join(lab.data, '..', 'own'), pictureFiles);
    await finishJob(client, await api.datasets.add({ path, name: 'own', place: 'in-place' }));
    const [usual, own] = [await api.inspector.episode({ run, seed: 3 }), await api.inspector.episode({ run, seed: 3, dataset: 'own' })];
    expect(values(own.file, 'target')).not.toEqual(values(usual.file, 'target'));
    expect(values(own.weights, 'w')).toEqual(values(usual.weights, 'w'));
    // A run's own data set and a built-in one are two, in whatever order they are asked for.
    const ofOwn = await train({ dataset: path, episodes: 60 });
    for (const dataset of [undefined, 'photographs', undefined]) {
      const drawn = await api.inspector.episode({ run: ofOwn, seed: 3, ...(dataset === undefined ? {} : { dataset }) });
      expect(values(drawn.file, 'target')).toEqual(values((dataset === undefined ? own : usual).file, 'target'));
    }
    await expect(api.inspector.episode({ run, seed: 3, dataset: 'characters' })).rejects.toMatchObject({ code: 'dataset-unsuitable' });
    await expect(api.inspector.episode({ run, seed: 3, dataset: 'nobodys' })).rejects.toMatchObject({ code: 'unknown-dataset' });
  });

  it("takes one's own weights in place of the checkpoint's, and says what it took and what is no number", async () => {
    const { api } = client;
    const usual = await api.inspector.episode({ run, seed: 3 });
    const { w, alpha } = read(usual.weights);
    const to = join(lab.data, '..');
    const write = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(to, name), bytes);
      return join(to, name);
    };
    const halved: NamedArrays = {
      w: w!,
      alpha: { dtype: 'F64', shape: [65, 65], data: Float64Array.from(alpha!.data, (value) => value / 2) },
    };
    const changed = await api.inspector.episode({ run, seed: 3, ablation: { alpha: [{ kind: 'scaled', factor: 0.5 }] } });
    for (const path of [write('own.npz', encodeNpz(halved)), write('own.safetensors', encodeSafetensors(halved))]) {
      const own = await api.inspector.episode({ run, seed: 3, weights: path });
      expect(own.own).toEqual({ taken: ['alpha', 'w'], unused: [], notFinite: 0 });
      expect(values(own.file, 'y')).toEqual(values(changed.file, 'y'));
    }
    expect((await api.inspector.episode({ run, seed: 3 })).own).toBeNull();

    const broken = { ...w!, data: w!.data.slice() };
    broken.data[3] = NaN;
    const nan = await api.inspector.episode({ run, seed: 3, weights: write('nan.npz', encodeNpz({ w: broken, y: w! })) });
    expect(nan.own).toEqual({ taken: ['w'], unused: ['y'], notFinite: 1 });
    expect([nan.loss, read(nan.weights)['w']!.data[3]]).toEqual([NaN, NaN]);
    // The file has changed, and is read again.
    const mended = await api.inspector.episode({ run, seed: 3, weights: write('nan.npz', encodeNpz({ w: w! })) });
    expect(mended.loss).toBe(usual.loss);

    const small: NamedArrays = { w: { dtype: 'F32', shape: [2, 2], data: new Float32Array(4) } };
    const refused = (weights: string) => expect(api.inspector.episode({ run, seed: 3, weights })).rejects;
    await refused(write('small.npz', encodeNpz(small))).toMatchObject({
      code: 'weights-shape',
      message: 'w must be of shape [65, 65] and has the shape [2, 2]',
    });
    await refused(write('cut.npz', encodeNpz(small).subarray(0, 60))).toMatchObject({ code: 'npz-format' });
    await refused(write('cut.safetensors', Uint8Array.of(1, 2))).toMatchObject({ code: 'safetensors-truncated' });
    await refused(write('own.pt', new Uint8Array(9))).toMatchObject({ code: 'weights-format' });
    await refused(join(to, 'none.npz')).toMatchObject({ code: 'weights-unreadable' });
    await refused('own.npz').toMatchObject({ code: 'path-relative' });
    expect((await api.inspector.episode({ run, seed: 3 })).loss).toBe(usual.loss);
  });

  it('says that a checkpoint is of another version, and ends with the run that is purged', async () => {
    const { api } = client;
    const gone = await train({ episodes: 60, seed: 5 });
    const { checkpoints } = await api.runs.get({ run: gone });
    const newest = checkpoints.findLast(({ kind, removed }) => kind === 'full' && !removed)!;
    const path = join(lab.data, 'runs', gone, newest.file);
    const { arrays, metadata } = decodeSafetensors(readFileSync(path));
    writeFileSync(path, encodeSafetensors(arrays, { ...metadata, format: 'engram-checkpoint-9' }));
    await expect(api.inspector.episode({ run: gone, seed: 0, file: newest.file })).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: 'it is not a checkpoint of this version',
    });
    await api.runs.trash({ runs: [gone] });
    await api.runs.purge({ runs: [gone] });
    await expect(api.inspector.episode({ run: gone, seed: 0 })).rejects.toMatchObject({ code: 'unknown-run' });
    await until(() => foldersOf(gone).length === 0);
  });

  it('shows what became of many episodes', async () => {
    const gallery = await client.api.inspector.gallery({ run, episodes: 6 });
    const { shown, reconstructed, loss } = read(gallery.file);
    expect([shown!.shape, reconstructed!.shape, loss!.shape]).toEqual([[6, 2, 64], [6, 64], [6]]);
  });

  it('works for the maze, and says what a task does not have', async () => {
    const settings = { mazeSize: 3, episodeSteps: 20, neurons: 8 };
    const maze = await train({ experiment: 'maze', variant: 'modulated', episodes: 60, batch: 30, settings });
    const episode = await client.api.inspector.episode({ run: maze, seed: 1 });
    expect(episode).toMatchObject({ rule: 'modulated', eta: null, picture: null });
    expect(read(episode.file)['places']!.shape).toEqual([20, 2]);
    await expect(client.api.inspector.gallery({ run: maze, episodes: 1 })).rejects.toMatchObject({ code: 'nothing-to-reconstruct' });
    await expect(client.api.inspector.episode({ run: maze, seed: 1, ablation: { eta: 0 } })).rejects.toMatchObject({
      code: 'ablation-not-possible',
    });
  });

  it('leaves no process and no file behind', async () => {
    await client.api.inspector.episode({ run, seed: 0 });
    expect(foldersOf(run)).toHaveLength(1);
    await client.api.host.stop();
    await lab.gone();
    await until(() => !existsSync(join(lab.data, 'inspection')));
  });
});
