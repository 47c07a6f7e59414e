/** Looking inside runs, through the host, with the product's own trainings. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { decodeSafetensors } from '../../core/files/safetensors.ts';
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

  it('changes the network or the task for the one who looks, and nothing of the run', async () => {
    const { api } = client;
    const plain = await api.inspector.score({ run, episodes: 5 });
    const cut = await api.inspector.episode({ run, seed: 3, ablation: { alpha: { kind: 'zero' } } });
    expect(new Set(values(cut.weights, 'alpha'))).toEqual(new Set([0]));
    const without = await api.inspector.score({ run, episodes: 5, ablation: { alpha: { kind: 'zero' } } });
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

  it("draws its episodes from one's own pictures where they are named", async () => {
    const { api } = client;
    const path = writeFiles(join(lab.data, '..', 'own'), pictureFiles);
    await finishJob(client, await api.datasets.add({ path, name: 'own', place: 'in-place' }));
    const [usual, own] = [await api.inspector.episode({ run, seed: 3 }), await api.inspector.episode({ run, seed: 3, dataset: 'own' })];
    expect(values(own.file, 'target')).not.toEqual(values(usual.file, 'target'));
    expect(values(own.weights, 'w')).toEqual(values(usual.weights, 'w'));
    await expect(api.inspector.episode({ run, seed: 3, dataset: 'characters' })).rejects.toMatchObject({ code: 'dataset-unsuitable' });
    await expect(api.inspector.episode({ run, seed: 3, dataset: 'nobodys' })).rejects.toMatchObject({ code: 'unknown-dataset' });
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
    expect(readdirSync(join(lab.data, 'inspection'))).toContain(run);
    await client.api.host.stop();
    await lab.gone();
    await until(() => !existsSync(join(lab.data, 'inspection')));
  });
});
