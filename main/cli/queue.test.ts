import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetails, RunSummary } from '../../core/contract/api/runs.ts';
import { createLab, parseEvents, type Lab } from '../trainer/test-support/lab.ts';
import { speakTo, stopAll, type Speech } from './test-support/speak.ts';

/** Iterations that take a while: a run of 100,000 does not end by itself. */
const slowly = { TEST_STEP_MS: '10' };
const endless = ['train', 'images', '--episodes', '100000', '--set', 'learningRate=0.01', '--set', 'evaluationEvery=0'];

let lab: Lab;
let say: Speech;
beforeAll(() => {
  lab = createLab();
  say = speakTo(lab, slowly);
});
afterAll(() => lab.remove());
afterEach(() => stopAll(lab, slowly));

const stateOf = async (run: string) => (await say.json<RunDetails>('show', run)).status;

/** Queues a run that does not end by itself. */
async function queue(...args: string[]): Promise<string> {
  const { event, run } = await say.json<{ event: string; run: string }>(...endless, ...args, '--detach');
  expect(event).toBe('queued');
  return run;
}

async function untilTraining(run: string): Promise<void> {
  await expect.poll(async () => (await say.json<RunDetails>('show', run)).iteration, { timeout: 10_000 }).toBeGreaterThan(0);
}

describe('train --detach', () => {
  it('queues a run a seed and returns', async () => {
    const { code, stdout } = await lab.run([...endless, '--seeds', '4,7..8', '--detach', '--json'], slowly);
    expect(code).toBe(0);
    const events = parseEvents(stdout);
    expect(events).toEqual([4, 7, 8].map(() => ({ event: 'queued', run: expect.stringMatching(/^\d{8}-\d{6}-images-free-\d-/) })));
    const [first, second, third] = events.map(({ run }) => String(run));
    await expect.poll(() => stateOf(first!)).toBe('running');
    expect((await say.json<RunSummary[]>('queue')).map(({ id, queuePlace }) => [id, queuePlace])).toEqual([
      [first, null],
      [second, 1],
      [third, 2],
    ]);
    expect(await say.text('queue')).toMatch(/^status .*\nrunning .*\nqueued 1 .*\nqueued 2 .*\n$/);
  });

  it('says for people what the run waits for, and how to watch it', async () => {
    await queue();
    const text = await say.text(...endless, '--detach');
    expect(text).toMatch(/^run {6}(\S+)\nfolder {3}\S+\nstate {4}queued: 1 run before it\nwatch {4}npm start -- watch \1\n$/);
  });
});

describe('the queue', () => {
  it('has an order that can be changed, and is empty in the end', async () => {
    const [first, second, third] = [await queue(), await queue(), await queue()];
    await untilTraining(first);
    const order = (runs: RunSummary[]) => runs.map(({ id }) => id);
    expect(order(await say.json('queue', 'move', third, '--before', second))).toEqual([third, second]);
    expect(order(await say.json('queue', 'move', third))).toEqual([second, third]);
    expect(await say.text('queue', 'move', third)).toMatch(/queued 1 .*\nqueued 2 /);
    expect(await say.refused('queue', 'move', first)).toMatchObject({
      code: 'run-state',
      message: expect.stringContaining('is running; it can be'),
    });
    await lab.run(['stop', third, second, first], slowly);
    expect(await say.text('queue')).toBe('nothing trains, and nothing waits\n');
    expect(await say.json('queue')).toEqual([]);
  });
});

describe('pause, stop, resume, retry and clone', () => {
  it('save a run that trains, and take it up again', async () => {
    const run = await queue();
    await untilTraining(run);
    expect(await say.refused('resume', run)).toMatchObject({ code: 'run-busy' });
    const paused = await say.json<RunSummary>('pause', run);
    expect(paused).toMatchObject({ id: run, status: 'paused', intent: null });
    expect(paused.iteration).toBeGreaterThan(0);
    expect(await say.json('pause', run)).toMatchObject({ status: 'paused' });
    expect(await say.json('resume', run, '--detach')).toEqual({ event: 'queued', run });
    await expect.poll(async () => (await say.json<RunDetails>('show', run)).iteration).toBeGreaterThan(paused.iteration);
    expect(await say.text('stop', run)).toMatch(
      new RegExp(`^${run} is stopped at iteration [\\d,]+; continue with: npm start -- resume ${run}\n$`),
    );
    expect(existsSync(join(lab.data, 'runs', run, 'checkpoints'))).toBe(true);
    expect(await say.json('stop', run)).toMatchObject({ status: 'stopped' });
  });

  it('take queued runs out of the queue where they stand', async () => {
    const [first, second] = [await queue(), await queue()];
    await untilTraining(first);
    expect(await say.json('pause', second)).toMatchObject({ status: 'paused', iteration: 0, queuePlace: null });
    expect(await say.json('stop', second)).toMatchObject({ status: 'stopped' });
    expect(await say.json('stop', first, '--now')).toMatchObject({ status: 'stopped', reasonCode: 'stopped-at-once' });
  });

  it('refuse what the state of a run forbids, and say what it allows', async () => {
    const { stdout } = await lab.run(['train', 'images', '--episodes', '3', '--json'], slowly);
    const run = String(parseEvents(stdout).at(-1)!['run']);
    const allowed = `run ${run} is finished; it can be extended with more episodes, cloned or put into the trash, not`;
    expect(await say.refused('pause', run)).toEqual({ code: 'run-state', message: `${allowed} paused` });
    expect(await say.refused('stop', run)).toEqual({ code: 'run-state', message: `${allowed} stopped` });
    expect(await say.refused('retry', run)).toEqual({ code: 'run-state', message: `${allowed} tried again` });
    expect(await say.refused('resume', run)).toMatchObject({ code: 'run-finished' });
  });

  it('clones with changes, which are checked in the words of the options', async () => {
    const run = await queue('--group', 'g', '--tag', 't');
    expect(await say.refused('clone', run, '--variant', 'yolked')).toMatchObject({
      code: 'unknown-variant',
      message: expect.stringContaining('"yoked"'),
    });
    expect(await say.refused('clone', run, '--set', 'learningRte=1')).toMatchObject({
      code: 'unknown-parameter',
      message: expect.stringContaining('"learningRate"'),
    });
    const clone = ['clone', run, '--seed', '9', '--variant', 'yoked', '--set', 'learningRate=1e-3', '--detach'];
    const { run: made } = await say.json<{ run: string }>(...clone);
    const { spec: original } = await say.json<RunDetails>('show', run);
    expect(await say.json('show', made)).toMatchObject({
      spec: { ...original, seed: 9, variant: 'yoked', parameters: { ...original.parameters, learningRate: 0.001 } },
      group: 'g',
      tags: ['t'],
    });
  });
});
