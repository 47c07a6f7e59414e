import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetails, RunSummary } from '../../core/contract/api/runs.ts';
import { connectHost } from '../host-client/connect-host.ts';
import { hostFiles } from '../host-client/host-files.ts';
import { readLockHolder } from '../run-folder/process-lock.ts';
import { createLab, historyOf, parseEvents, type Lab } from '../trainer/test-support/lab.ts';
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

describe('an attached command', () => {
  it('stops its run and those behind it at Ctrl-C, none of which begins', async () => {
    const cli = lab.start([...endless, '--seeds', '1..3', '--json'], slowly);
    await cli.until(({ event }) => event === 'metrics');
    cli.child.kill('SIGINT');
    const { code, stdout } = await cli.ended;
    expect(code).toBe(130);
    const last = parseEvents(stdout).at(-1)!;
    expect(last).toMatchObject({
      event: 'error',
      code: 'interrupted',
      message: expect.stringMatching(/^stopped after iteration \d+; continue with: npm start -- resume /),
    });
    const [third, second, first] = await say.json<RunSummary[]>('runs', '--limit', '3');
    expect([first, second, third].map((run) => [run!.spec.seed, run!.status, run!.startedAtMs === null])).toEqual([
      [1, 'stopped', false],
      [2, 'stopped', true],
      [3, 'stopped', true],
    ]);
  });

  it('goes on to the next run when another one stops its first', async () => {
    const cli = lab.start([...endless, '--episodes', '150', '--seeds', '1..2', '--json'], slowly);
    const { run } = await cli.until(({ event }) => event === 'start');
    await cli.until(({ event }) => event === 'metrics');
    const host = await connectHost(lab.data);
    await host.api.runs.stop({ run: String(run) });
    host.close();
    const { code, stdout } = await cli.ended;
    expect(code).toBe(130);
    const ends = parseEvents(stdout).filter(({ event }) => event === 'error' || event === 'done');
    expect(ends).toMatchObject([
      { event: 'error', code: 'interrupted', message: expect.stringContaining(`resume ${String(run)}`) },
      { event: 'done', episodes: 150 },
    ]);
  });

  it('sees what another one does to its run', async () => {
    const trains = lab.start([...endless, '--json'], slowly);
    const { run } = await trains.until(({ event }) => event === 'start');
    const watches = lab.start(['watch', String(run), '--json'], slowly);
    await watches.until(({ event, iteration }) => event === 'metrics' && Number(iteration) > 5);
    await say.json('stop', String(run));
    for (const { code, stdout } of await Promise.all([trains.ended, watches.ended])) {
      expect(code).toBe(130);
      const iterations = parseEvents(stdout).flatMap(({ event, iteration }) => (event === 'metrics' ? [Number(iteration)] : []));
      expect(iterations).toEqual(Array.from({ length: iterations.length }, (_, index) => index + 1));
      expect(parseEvents(stdout).at(-1)).toMatchObject({
        event: 'error',
        code: 'interrupted',
        message: expect.stringContaining(`stopped after iteration ${iterations.length};`),
      });
    }
  });

  it('that only watches leaves the run alone at Ctrl-C', async () => {
    const { run } = await say.json<{ run: string }>(...endless, '--detach');
    const watches = lab.start(['watch', run, '--json'], slowly);
    await watches.until(({ event }) => event === 'metrics');
    watches.child.kill('SIGINT');
    const { code, stdout } = await watches.ended;
    expect(code).toBe(130);
    expect(parseEvents(stdout).at(-1)).toEqual({ event: 'error', code: 'interrupted', message: `left run ${run} alone: it goes on` });
    expect(await stateOf(run)).toBe('running');
  });

  it('goes on when the host is killed, and misses nothing', async () => {
    const cli = lab.start([...endless, '--episodes', '150', '--json'], slowly);
    await cli.until(({ event }) => event === 'metrics');
    process.kill(readLockHolder(hostFiles(lab.data).lock)!.pid, 'SIGKILL');
    const { code, stdout } = await cli.ended;
    expect(code).toBe(0);
    const iterations = parseEvents(stdout).flatMap(({ event, iteration }) => (event === 'metrics' ? [Number(iteration)] : []));
    expect(iterations).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    const { run } = parseEvents(stdout).at(-1)! as unknown as { run: string };
    expect(await stateOf(run)).toBe('finished');
  });

  it('tells why a killed trainer is gone; its run can be tried again', async () => {
    const cli = lab.start([...endless, '--episodes', '60', '--json'], slowly);
    await cli.until(({ event }) => event === 'metrics');
    const { id, pid } = await say.json<RunDetails>('show');
    process.kill(pid!, 'SIGKILL');
    const { code, stdout } = await cli.ended;
    expect(code).toBe(1);
    const { code: reason, message } = parseEvents(stdout).at(-1)!;
    expect([reason, message]).toEqual([
      'trainer-died',
      expect.stringMatching(/was interrupted after iteration \d+: its trainer was killed \(SIGKILL\)/),
    ]);
    expect(message).toContain(`continue with: npm start -- resume ${id}`);
    expect(await stateOf(id)).toBe('interrupted');
    const retried = await lab.run(['retry', id, '--json'], slowly);
    expect(retried.code).toBe(0);
    expect(parseEvents(retried.stdout).at(-1)).toMatchObject({ event: 'done', run: id, episodes: 60 });
    expect(historyOf(lab.runs().find((run) => run.id === id)!).metrics).toHaveLength(60);
  });
});

it('two first commands at the same time find one host', async () => {
  const other = createLab();
  try {
    const ends = await Promise.all(
      [1, 2].map((seed) => other.start(['train', 'images', '--episodes', '2', '--seed', String(seed), '--json']).ended),
    );
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(readFileSync(hostFiles(other.data).log, 'utf8').match(/serving /g)).toHaveLength(1);
  } finally {
    await other.remove();
  }
});
