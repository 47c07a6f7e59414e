/** Own episodes looked into through the host, with the product's own trainings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnEpisode } from '../../core/contract/own-episode.ts';
import { createRunSpec, type RunChoices } from '../../core/experiments/create-run-spec.ts';
import { decodeSafetensors } from '../../core/files/safetensors.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { collect, createHostLab, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
let client: HostClient;
const presentations = { patterns: 2, presentationsPerPattern: 2, presentationSteps: 2, interPresentationDelay: 1 };

async function train(choices: Pick<RunChoices, 'experiment' | 'settings'> & Partial<RunChoices>): Promise<string> {
  const [run] = await client.api.runs.create({ specs: [createRunSpec({ backend: 'wasm', batch: 1, episodes: 4, ...choices })] });
  await collect(client.followRun(run!.id));
  return run!.id;
}

let [binary, images, maze]: string[] = [];
beforeAll(async () => {
  lab = createHostLab(undefined, 500, 'real');
  client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  binary = await train({ experiment: 'binary', settings: { ...presentations, bits: 12, evaluationEvery: 0 } });
  images = await train({ experiment: 'images', settings: { ...presentations, imageSize: 8, evaluationEvery: 0 } });
  maze = await train({ experiment: 'maze', settings: { mazeSize: 5, episodeSteps: 40, neurons: 12, evaluationEvery: 0 } });
});
afterAll(() => lab.remove());

const ask = async (run: string | undefined, ownEpisode?: OwnEpisode, seed = 3) => {
  const episode = await client.api.inspector.episode({ run: run!, seed, ...(ownEpisode === undefined ? {} : { ownEpisode }) });
  const { arrays } = decodeSafetensors(readFileSync(join(lab.data, episode.file)));
  return { ...episode, values: (name: string) => [...arrays[name]!.data] };
};

const stripes = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 1 : -1));
const halves = Array.from({ length: 12 }, (_, at) => (at < 6 ? 1 : -1));

describe('own patterns', () => {
  it('are what the network is shown and judged by, in the order of the seed', async () => {
    const [drawn, own] = [await ask(binary), await ask(binary, { kind: 'patterns', patterns: [stripes, halves] })];
    expect(own.labels).toEqual(drawn.labels);
    expect([stripes, halves]).toContainEqual(own.values('target'));
    const shown = own.values('input').slice(0, 12);
    expect([stripes, halves]).toContainEqual(shown.map(Math.sign));
    expect(own.values('y')).not.toEqual(drawn.values('y'));
    expect(own.values('y').every(Number.isFinite)).toBe(true);
    // The network itself is the same.
    expect(readFileSync(join(lab.data, own.weights)).equals(readFileSync(join(lab.data, drawn.weights)))).toBe(true);
    expect((await ask(binary)).values('y')).toEqual(drawn.values('y'));
  });

  it('may be pictures, of any scale', async () => {
    const picture = Array.from({ length: 64 }, (_, at) => at);
    const own = await ask(images, { kind: 'patterns', patterns: [picture, picture] });
    const target = own.values('target');
    expect([Math.min(...target), Math.max(...target)]).toEqual([-1, 1]);
    expect(target).toEqual(target.toSorted((a, b) => a - b));
  });

  it.each<[string, () => string | undefined, OwnEpisode, string, string]>([
    ['as many as the run shows', () => binary, { kind: 'patterns', patterns: [stripes] }, 'own-patterns', 'shows 2 patterns'],
    ['bits', () => binary, { kind: 'patterns', patterns: [stripes, stripes.map((bit) => bit / 2)] }, 'own-patterns', 'a bit is 1 or -1'],
    ['as large as the run’s', () => images, { kind: 'patterns', patterns: [stripes, stripes] }, 'own-patterns', 'has 64 values'],
    ['for a task that shows some', () => maze, { kind: 'patterns', patterns: [stripes] }, 'own-episode-not-possible', 'shows no patterns'],
  ])('must be %s', async (_rule, run, own, code, message) => {
    await expect(ask(run(), own)).rejects.toMatchObject({ kind: 'input', code, message: expect.stringContaining(message) });
    // Nothing is lost.
    expect((await ask(run())).iteration).toBe(4);
  });

  it('are bounded', async () => {
    const patterns = Array.from({ length: 3 }, () => Array<number>(50_000).fill(1));
    await expect(ask(binary, { kind: 'patterns', patterns })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('131072'),
    });
  });
});

describe('an episode of training', () => {
  it('shows other pictures than the held-out one', async () => {
    const [heldOut, training] = [await ask(images), await ask(images, { kind: 'training' })];
    expect(training.labels).toHaveLength(heldOut.labels.length);
    expect(training.values('target')).not.toEqual(heldOut.values('target'));
    expect((await ask(images, { kind: 'training' })).values('y')).toEqual(training.values('y'));
  });

  it('is refused where every episode is drawn anew', async () => {
    for (const run of [binary, maze])
      await expect(ask(run, { kind: 'training' })).rejects.toMatchObject({ code: 'own-episode-not-possible' });
  });
});

describe('an own maze', () => {
  const own: OwnEpisode = { kind: 'maze', goal: { row: 5, column: 5 }, start: { row: 1, column: 1 } };

  it('has its reward and its start where they were put, in every episode', async () => {
    for (const seed of [0, 7]) {
      const { values } = await ask(maze, own, seed);
      expect(values('goal')).toEqual([5, 5]);
      expect(values('places').slice(0, 2)).toEqual([1, 1]);
    }
  });

  it('has the walls that were set, and those of training without', async () => {
    const inside = (values: readonly number[]) => values.filter((_, at) => at % 7 > 0 && at % 7 < 6 && at > 7 && at < 42);
    expect(inside((await ask(maze, own)).values('walls')).flatMap((wall, at) => (wall === 1 ? [at] : []))).toEqual([6, 8, 16, 18]);
    const walls = [{ row: 3, column: 3 }];
    const { values } = await ask(maze, { ...own, walls });
    expect(inside(values('walls')).flatMap((wall, at) => (wall === 1 ? [at] : []))).toEqual([12]);
  });

  it.each([
    [{ ...own, goal: { row: 2, column: 4 } }, 'cannot stand in the wall at row 2, column 4'],
    [{ ...own, start: { row: 6, column: 1 } }, 'this maze has 5 of each'],
    [{ ...own, start: own.goal }, 'cannot begin where the reward is'],
  ])('refuses %j', async (layout, message) => {
    await expect(ask(maze, layout)).rejects.toMatchObject({ code: 'own-maze', message: expect.stringContaining(message) });
  });
});
