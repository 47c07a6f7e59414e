import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { readJournal } from '../run-folder/journal-reader.ts';
import { readLockHolder } from '../run-folder/process-lock.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { createLab, historyOf, lossesOf, parseEvents, type Lab } from './test-support/lab.ts';
import { trainWithoutInterruption } from './test-support/linear-training.ts';

const settings = { learningRate: 0.01, checkpointEvery: 10, evaluationEvery: 0 };
const train = (episodes: number, batch = 1) => [
  'train',
  'images',
  '--json',
  ...['--episodes', String(episodes), '--batch', String(batch)],
  ...Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
];
const uninterrupted = (episodes: number, batch = 1) =>
  trainWithoutInterruption(createRunSpec({ experiment: 'images', episodes, batch, settings }));

let lab: Lab;
beforeEach(() => {
  lab = createLab();
});
afterEach(() => lab.remove());

function onlyRun(): RunPaths {
  const runs = lab.runs();
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

/** An iteration that waits until the gate is opened. */
function createGate(at: number): { environment: NodeJS.ProcessEnv; open(): void } {
  const gate = join(lab.data, 'gate');
  return { environment: { TEST_GATE_AT: String(at), TEST_GATE: gate }, open: () => writeFileSync(gate, '') };
}

describe('a run whose trainer is killed', () => {
  beforeEach(async () => {
    const { code, stdout } = await lab.run(train(40), { TEST_KILL_AT: '27' });
    expect(code).toBe(1);
    expect(parseEvents(stdout).at(-1)).toMatchObject({ event: 'error', code: 'trainer-died', message: expect.stringContaining('SIGKILL') });
  });

  it('continues exactly, and no iteration counts twice', async () => {
    const run = onlyRun();
    const { code, stdout } = await lab.run(['resume', 'last', '--json']);
    expect(code).toBe(0);
    expect(parseEvents(stdout)[1]).toMatchObject({ event: 'metrics', iteration: 21 });
    expect(parseEvents(stdout).at(-1)).toMatchObject({ event: 'done', episodes: 40 });
    expect(lossesOf(run)).toEqual(await uninterrupted(40));
    expect(readJournal(run.journal).records).toContainEqual(
      expect.objectContaining({ type: 'rewind', iteration: 20, file: 'checkpoints/000000020.safetensors' }),
    );
    expect(readdirSync(run.folder).sort()).toEqual(['about.json', 'checkpoints', 'journal', 'picture.png', 'spec.json', 'trainer.log']);
  });

  it('goes back to the checkpoint before a damaged one, and says so', async () => {
    const run = onlyRun();
    truncateSync(join(run.checkpoints, '000000020.safetensors'), 100);
    const { code, stdout, stderr } = await lab.run(['resume', 'last']);
    expect(code).toBe(0);
    expect(stderr).toContain('checkpoints/000000020.safetensors is damaged');
    expect(stdout).toContain('continuing after iteration 10');
    expect(readdirSync(run.checkpoints)).toContain('000000020.safetensors.damaged');
    expect(lossesOf(run)).toEqual(await uninterrupted(40));
  });

  it('knows the checkpoint that it goes on from, also where its record was lost', async () => {
    const run = onlyRun();
    const lines = readFileSync(run.journal, 'utf8').split('\n');
    const at = lines.findLastIndex((line) => line.includes('"checkpoint"'));
    writeFileSync(run.journal, `${lines.slice(0, at).join('\n')}\n`);
    expect(historyOf(run).checkpoints.map(({ iteration }) => iteration)).toEqual([10]);
    expect((await lab.run(['resume', 'last'])).code).toBe(0);
    const found = historyOf(run).checkpoints.find(({ iteration }) => iteration === 20)!;
    expect(found).toMatchObject({ kind: 'full', file: 'checkpoints/000000020.safetensors', episodes: 20 });
    expect(lossesOf(run)).toEqual(await uninterrupted(40));
  });

  it('is not taken for damaged where a checkpoint cannot be read, and stays as it is', async () => {
    const run = onlyRun();
    const newest = join(run.checkpoints, '000000020.safetensors');
    const bytes = readFileSync(newest);
    rmSync(newest);
    mkdirSync(newest);
    const { code, stderr } = await lab.run(['resume', 'last']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('checkpoints/000000020.safetensors cannot be read at present (EISDIR')]);
    expect(readdirSync(run.checkpoints)).toContain('000000020.safetensors');
    rmSync(newest, { recursive: true });
    writeFileSync(newest, bytes);
    expect((await lab.run(['retry', 'last'])).code).toBe(0);
    expect(lossesOf(run)).toEqual(await uninterrupted(40));
  });

  it('starts again from the beginning when no checkpoint is good', async () => {
    const run = onlyRun();
    for (const name of readdirSync(run.checkpoints)) writeFileSync(join(run.checkpoints, name), 'nothing');
    const { stdout } = await lab.run(['resume', 'last']);
    expect(stdout).toContain('starting from the beginning');
    expect(lossesOf(run)).toEqual(await uninterrupted(40));
  });

  it('is read up to the tear in its journal, and says so', async () => {
    const run = onlyRun();
    const before = readFileSync(run.journal);
    const { position } = readJournal(run.journal);
    appendFileSync(run.journal, `${position.sequence} 0123`);
    const { code, stderr } = await lab.run(['resume', 'last']);
    expect(code).toBe(0);
    expect(stderr).toContain(`the journal is damaged at byte ${before.length}, record ${position.sequence} (the record has no end)`);
    expect(readFileSync(join(run.folder, 'journal.torn-1')).subarray(0, before.length)).toEqual(before);
    expect(lossesOf(run)).toEqual(await uninterrupted(40));
  });
});

describe('a run that is interrupted with Ctrl-C', () => {
  it('checkpoints, leaves with 130 and continues exactly', async () => {
    const gate = createGate(13);
    const cli = lab.start(train(60, 2), gate.environment);
    await cli.until(({ event, iteration }) => event === 'metrics' && iteration === 12);
    cli.child.kill('SIGINT');
    // The trainer hears it while it waits; opened at once, the gate could come first.
    setTimeout(gate.open, 300);
    const { code, stdout } = await cli.ended;
    expect(code).toBe(130);
    const run = onlyRun();
    const { end, metrics } = historyOf(run);
    const iteration = metrics.length;
    expect(end).toMatchObject({ status: 'stopped', iteration });
    expect(iteration).toBeLessThan(30);
    expect(parseEvents(stdout).at(-1)).toMatchObject({
      event: 'error',
      code: 'interrupted',
      message: expect.stringContaining(`resume ${run.id}`),
    });
    expect(readdirSync(run.checkpoints)).toContain(`${String(iteration).padStart(9, '0')}.safetensors`);

    const again = parseEvents((await lab.run(['resume', run.id, '--json'])).stdout);
    expect(again[1]).toMatchObject({ event: 'metrics', iteration: iteration + 1 });
    expect(lossesOf(run)).toEqual(await uninterrupted(60, 2));
  });

  it('leaves at once at a second one, even within an iteration', async () => {
    const cli = lab.start(train(60), createGate(1).environment);
    await cli.until(({ event }) => event === 'start');
    const { lock } = onlyRun();
    // Once its trainer has gone, the command is about to end, and a signal would have its usual effect.
    const again = setInterval(() => readLockHolder(lock) !== undefined && cli.child.kill('SIGINT'), 200);
    const { code, stdout } = await cli.ended;
    clearInterval(again);
    expect(code).toBe(130);
    expect(parseEvents(stdout).at(-1)).toMatchObject({ event: 'error', code: 'interrupted' });
    expect(historyOf(onlyRun()).end).toBeUndefined();
  });
});

describe('a run', () => {
  it('can be extended when it has finished, as if it had been longer from the beginning', async () => {
    await lab.run(train(30));
    const { code, stdout } = await lab.run(['resume', 'last', '--episodes', '50', '--json']);
    expect(code).toBe(0);
    expect(parseEvents(stdout).at(0)).toMatchObject({ event: 'start', spec: { episodes: 50 } });
    expect(lossesOf(onlyRun())).toEqual(await uninterrupted(50));
    expect(JSON.parse(readFileSync(onlyRun().spec, 'utf8'))).toMatchObject({ episodes: 50 });
    for (const [episodes, rule] of [
      ['50', 'run-finished'],
      ['40', 'episodes-fewer'],
    ] as const) {
      const refused = await lab.run(['resume', 'last', '--episodes', episodes, '--json']);
      expect(refused.code).toBe(2);
      expect(parseEvents(refused.stdout)).toEqual([{ event: 'error', code: rule, message: expect.any(String) }]);
    }
  });

  it('goes on when the command line dies, and is not taken up a second time meanwhile', async () => {
    const gate = createGate(5);
    const cli = lab.start(train(50), gate.environment);
    await cli.until(({ event }) => event === 'metrics');
    cli.child.kill('SIGKILL');
    await cli.ended;
    const refused = await lab.run(['resume', 'last', '--json']);
    expect(refused.code).toBe(2);
    expect(parseEvents(refused.stdout)).toMatchObject([{ event: 'error', code: 'run-busy' }]);
    gate.open();
    await expect.poll(() => historyOf(onlyRun()).end?.status, { timeout: 10_000 }).toBe('finished');
    expect(lossesOf(onlyRun())).toEqual(await uninterrupted(50));
  });

  it('stops when the loss is not finite any more, and names the last good checkpoint', async () => {
    const { code, stdout } = await lab.run([...train(5000), '--set', 'learningRate=1']);
    expect(code).toBe(1);
    const error = parseEvents(stdout).at(-1);
    expect(error).toMatchObject({ event: 'error', code: 'loss-not-finite' });
    const { end, checkpoints, metrics } = historyOf(onlyRun());
    expect(end).toMatchObject({ status: 'failed', error: { code: 'loss-not-finite' }, iteration: metrics.length });
    expect(error!['message']).toContain(`the last checkpoint is good: ${checkpoints.findLast(({ kind }) => kind === 'full')!.file}`);
  });

  it('does not continue on other images', async () => {
    await lab.run(train(20));
    const { code, stdout } = await lab.run(['resume', 'last', '--episodes', '30', '--json'], { TEST_DATASET: 'other' });
    expect(code).toBe(2);
    expect(parseEvents(stdout).at(-1)).toMatchObject({ event: 'error', code: 'dataset-changed' });
    expect(historyOf(onlyRun()).end).toMatchObject({ status: 'failed', episodes: 20 });
  });

  it('is refused, in one sentence, when its spec is damaged', async () => {
    await lab.run(train(20));
    writeFileSync(onlyRun().spec, '{"version": 1');
    for (const command of [['resume'], ['evaluate'], ['export', '--to', lab.data]]) {
      const { code, stdout } = await lab.run([...command, 'last', '--json']);
      expect(code).toBe(2);
      expect(parseEvents(stdout)).toMatchObject([{ event: 'error', code: 'spec-invalid' }]);
    }
  });
});
