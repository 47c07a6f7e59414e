import { cpSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { wilsonInterval } from '../../core/contract/score-interval.ts';
import { decodeSafetensors } from '../../core/files/safetensors.ts';
import { runPaths } from '../run-folder/run-paths.ts';
import { createLab, historyOf, lossesOf, parseEvents, type Lab } from './test-support/lab.ts';

/** The real thing, small: 8×8 patches of the photographs. */
const settings = ['imageSize=8', 'patterns=2', 'presentationSteps=3', 'evaluationEvery=0', 'checkpointEvery=5'].flatMap((setting) => [
  '--set',
  setting,
]);
const train = (backend: string, episodes: number) => [
  'train',
  'images',
  '--backend',
  backend,
  '--episodes',
  String(episodes),
  '--json',
  ...settings,
];

let lab: Lab;
beforeEach(() => {
  lab = createLab({ training: 'real' });
});
afterEach(() => lab.remove());

// On these two the continued losses equal the uninterrupted ones bit for bit.
describe.each(['cpu', 'wasm'])('the images experiment on %s', (backend) => {
  it('continues exactly from its last checkpoint', async () => {
    expect((await lab.run(train(backend, 20))).code).toBe(0);
    const run = lab.runs()[0]!;
    const uninterrupted = lossesOf(run);
    expect(uninterrupted).toHaveLength(20);

    // What a trainer leaves behind that is killed between iterations 17 and 18, in another lab.
    const other = createLab({ training: 'real' });
    try {
      const killed = runPaths(join(other.data, 'runs', run.id));
      cpSync(run.folder, killed.folder, { recursive: true });
      rmSync(join(killed.checkpoints, '000000020.safetensors'));
      truncateSync(killed.journal, readFileSync(killed.journal).indexOf('"iteration":18'));

      const { code, stdout } = await other.run(['resume', 'last', '--json']);
      expect(code).toBe(0);
      expect(parseEvents(stdout).map(({ iteration }) => iteration)).toEqual([undefined, 16, 17, 18, 19, 20, undefined]);
      expect(lossesOf(killed)).toEqual(uninterrupted);
    } finally {
      await other.remove();
    }
  });
});

it('evaluates and exports what was trained', async () => {
  await lab.run(train('cpu', 6));
  const run = lab.runs()[0]!;
  const { stdout } = await lab.run(['evaluate', 'last', '--episodes', '3', '--json']);
  expect(parseEvents(stdout)).toMatchObject([{ event: 'evaluation', run: run.id, iteration: 6, episodes: 3, loss: expect.any(Number) }]);

  const to = join(lab.data, 'export');
  expect((await lab.run(['export', 'last', '--to', to, '--episode', '2', '--json'])).code).toBe(0);
  const shapes = (file: string) =>
    Object.fromEntries(Object.entries(decodeSafetensors(readFileSync(join(to, file))).arrays).map(([name, { shape }]) => [name, shape]));
  const [neurons, steps] = [65, 2 * 3 * (3 + 2) + 3];
  expect(shapes('weights.safetensors')).toEqual({ w: [neurons, neurons], alpha: [neurons, neurons], eta: [1] });
  expect(shapes('episode.safetensors')).toEqual({
    given: [steps, neurons],
    clamped: [steps, neurons],
    y: [steps, neurons],
    hebb: [neurons, neurons],
    target: [neurons - 1],
    loss: [1],
  });
});

describe('an experiment that draws its episodes itself', () => {
  const small = ['bits=20', 'patterns=2', 'presentationSteps=2', 'evaluationEvery=4', 'evaluationEpisodes=5'];
  const binary = ['train', 'binary', '--backend', 'cpu', '--episodes', '8', ...small.flatMap((setting) => ['--set', setting])];

  it('is trained without a data set, and tells its own score', async () => {
    const { code, stdout } = await lab.run([...binary, '--json']);
    expect(code).toBe(0);
    const events = parseEvents(stdout);
    const metrics = events.filter(({ event }) => event === 'metrics');
    expect(metrics).toHaveLength(8);
    for (const { wrongBits } of metrics) expect(Number(wrongBits) * 20).toBeCloseTo(Math.round(Number(wrongBits) * 20), 5);
    const mean = metrics.reduce((sum, { wrongBits }) => sum + Number(wrongBits), 0) / 8;
    expect(events.at(-1)).toMatchObject({ event: 'done', wrongBits: expect.closeTo(mean, 10) });
    for (const event of events) expect(event).not.toHaveProperty('relativeError');

    const run = lab.runs()[0]!;
    const { start } = historyOf(run);
    expect(start?.dataset).toEqual({ name: 'drawn from the seed', format: 'generated', sha256: '', note: '' });
    const { stdout: evaluated } = await lab.run(['evaluate', 'last', '--episodes', '3', '--json']);
    expect(parseEvents(evaluated)).toMatchObject([{ event: 'evaluation', episodes: 3, wrongBits: expect.any(Number) }]);
    const listed = JSON.parse((await lab.run(['runs', '--json'])).stdout) as RunSummary[];
    expect(listed).toMatchObject([{ score: expect.closeTo(mean, 10) }]);
  });

  it('speaks to people of it in per cent', async () => {
    const { stdout } = await lab.run(binary);
    expect(stdout).toContain('data     drawn from the seed\n');
    expect(stdout).toMatch(/iteration 8: held-out loss \S+, wrong bits \S+ % \(5 episodes\)/);
    expect(stdout).toMatch(/last 8 training episodes: loss \S+, wrong bits \S+ %\n/);
    expect(
      readFileSync(/held-out episodes: (.*)/.exec(stdout)![1]!)
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const shown = (await lab.run(['show', 'last'])).stdout;
    expect(shown).toMatch(/result +loss \S+, wrong bits \S+ %\n/);
    expect(shown).toMatch(/evaluations\n +iteration +loss +wrong bits /);
    expect(stdout + shown).not.toMatch(/relative error|images/);
    // Nor does it come to stand among the data sets.
    expect((await lab.run(['datasets', 'list'])).stdout).not.toContain('drawn from the seed');
  });

  it('refuses a data set, by name as by path', async () => {
    for (const dataset of ['photographs', lab.data]) {
      const { code, stdout } = await lab.run([...binary, '--dataset', dataset, '--json']);
      expect(code).toBe(2);
      expect(parseEvents(stdout)).toMatchObject([{ event: 'error', code: 'dataset-not-used' }]);
    }
    expect(lab.runs()).toEqual([]);
  });
});

it('tells of answers that are right or wrong how sure their share is', async () => {
  const small = ['ways=2', 'features=4', 'evaluationEvery=2', 'evaluationEpisodes=8'].flatMap((setting) => ['--set', setting]);
  const { stdout } = await lab.run(['train', 'omniglot', '--backend', 'wasm', '--episodes', '8', '--batch', '4', ...small]);
  const interval = /95 % interval [\d.]+ to [\d.]+ %/.source;
  expect(stdout).toMatch(new RegExp(`iteration 2: held-out loss \\S+, accuracy \\S+ %, ${interval} \\(8 episodes\\)`));
  expect((await lab.run(['evaluate', 'last', '--episodes', '9'])).stdout).toMatch(new RegExp(`^9 held-out .*%, ${interval}$`, 'm'));
  const [evaluation] = parseEvents((await lab.run(['evaluate', 'last', '--episodes', '9', '--json'])).stdout);
  expect(evaluation!['interval']).toEqual(wilsonInterval(Number(evaluation!['accuracy']), 9));
  expect((await lab.run(['show', 'last'])).stdout).toMatch(/ accuracy +95 % interval +held-out episodes\n.* % +[\d.]+ to [\d.]+ % +8\n/);
});
