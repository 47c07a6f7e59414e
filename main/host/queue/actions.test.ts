import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readHistory } from '../../run-folder/journal-history.ts';
import { readJournal } from '../../run-folder/journal-reader.ts';
import { trainWithoutInterruption } from '../../trainer/test-support/linear-training.ts';
import { listHappenings } from '../store/happenings.ts';
import type { RunStatus } from '../store/runs.ts';
import { changeSettings } from '../store/settings.ts';
import { createQueueLab, eventually, linearSpec, setEnvironment, type QueueLab } from './test-support/queue-lab.ts';

let lab: QueueLab;
let gate: string;
let resetEnvironment = () => {};
beforeAll(async () => {
  lab = await createQueueLab();
  gate = join(lab.dataFolder, 'gate');
  changeSettings(lab.stores.lab, { cpuSlots: 3 });
});
afterEach(() => {
  resetEnvironment();
  rmSync(gate, { force: true });
});
afterAll(() => lab.remove());

const create = async (...args: Parameters<typeof linearSpec>) => (await lab.queue.create([linearSpec(...args)]))[0]!.id;
const lossesOf = (id: string) => readHistory(readJournal(lab.paths(id).journal).records).metrics.map(({ values }) => values['loss']);
/** Trainers wait before this iteration until the gate is opened. */
const gateAt = (iteration: number) => (resetEnvironment = setEnvironment({ TEST_GATE_AT: String(iteration), TEST_GATE: gate }));
const openGate = () => writeFileSync(gate, '');

describe('an action that the state forbids', () => {
  const ids = {} as Record<RunStatus, string>;
  beforeAll(async () => {
    ids.finished = await create({ episodes: 3 });
    ids.failed = await create({ dataset: '/nowhere' });
    await lab.until(ids.finished, 'finished');
    await lab.until(ids.failed, 'failed');
    resetEnvironment = setEnvironment({ TEST_KILL_AT: '2' });
    ids.interrupted = await create();
    await lab.until(ids.interrupted, 'interrupted');
    resetEnvironment();
    resetEnvironment = setEnvironment({ TEST_GATE_AT: '3', TEST_GATE: `${gate}-of-running` });
    ids.running = await create({ episodes: 10 });
    await lab.untilIteration(ids.running, 2);
    changeSettings(lab.stores.lab, { cpuSlots: 1 });
    [ids.queued, ids.paused, ids.stopped] = [await create(), await create(), await create()];
    lab.queue.pause(ids.paused);
    lab.queue.stop(ids.stopped);
  });
  afterAll(async () => {
    writeFileSync(`${gate}-of-running`, '');
    changeSettings(lab.stores.lab, { cpuSlots: 3 });
    await lab.until(ids.running, 'finished');
    await lab.until(ids.queued, 'finished');
  });

  const cases: [action: string, act: (id: string) => unknown, forbidden: RunStatus[]][] = [
    ['paused', (id) => lab.queue.pause(id), ['finished', 'stopped', 'failed', 'interrupted']],
    ['resumed', (id) => lab.queue.resume(id), ['running']],
    ['stopped', (id) => lab.queue.stop(id), ['finished', 'failed', 'interrupted']],
    ['stopped', (id) => lab.queue.stop(id, true), ['finished', 'failed', 'interrupted']],
    ['tried again', (id) => lab.queue.retry(id), ['running', 'paused', 'finished', 'stopped']],
    ['moved in the queue', (id) => lab.queue.move(id, null), ['running', 'paused', 'finished', 'stopped', 'failed', 'interrupted']],
    ['moved in the queue', (id) => lab.queue.move(ids.queued, id), ['running', 'paused', 'finished', 'stopped', 'failed', 'interrupted']],
    ['put into the trash', (id) => lab.queue.trash([ids.stopped, id]), ['queued', 'running', 'paused']],
  ];
  const instead: Record<RunStatus, string> = {
    queued: 'paused, stopped, cloned or moved in the queue',
    running: 'paused, stopped or cloned',
    paused: 'resumed, stopped or cloned',
    finished: 'extended with more episodes, cloned or put into the trash',
    stopped: 'resumed, cloned or put into the trash',
    failed: 'resumed, tried again, cloned or put into the trash',
    interrupted: 'resumed, tried again, cloned or put into the trash',
  };
  const look = (id: string) => [lab.row(id), listHappenings(lab.stores.lab, id)];

  it.each(cases.flatMap(([action, act, forbidden]) => forbidden.map((status) => [status, action, act] as const)))(
    'a run that is %s is not %s, and what can be done instead is said',
    (status, action, act) => {
      const id = ids[status];
      const before = [look(id), look(ids.queued), look(ids.stopped)];
      const message = `run ${id} is ${status}; it can be ${instead[status]}, not ${action}`;
      expect(() => act(id)).toThrow(expect.objectContaining({ kind: 'input', code: 'run-state', message }));
      expect([look(id), look(ids.queued), look(ids.stopped)]).toEqual(before);
    },
  );

  it.each<[string, RunStatus, (id: string) => unknown]>([
    ['pausing', 'paused', (id) => lab.queue.pause(id)],
    ['resuming', 'queued', (id) => lab.queue.resume(id)],
    ['retrying', 'queued', (id) => lab.queue.retry(id)],
    ['stopping', 'stopped', (id) => lab.queue.stop(id)],
  ])('%s again what is %s is harmless', (_what, status, act) => {
    const before = look(ids[status]);
    expect(act(ids[status])).toMatchObject({ status });
    expect(look(ids[status])).toEqual(before);
  });

  it('a finished run is resumed with more episodes only, and none with fewer', () => {
    const refused = (code: string, message: string): unknown => expect.objectContaining({ kind: 'input', code, message });
    expect(() => lab.queue.resume(ids.finished)).toThrow(
      refused('run-finished', `run ${ids.finished} has finished its 3 episodes; name more to extend it`),
    );
    const fewer = (id: string, has: number) => `run ${id} is to have ${has} episodes; that can be raised, not lowered to 2`;
    expect(() => lab.queue.resume(ids.finished, 2)).toThrow(refused('episodes-fewer', fewer(ids.finished, 3)));
    expect(() => lab.queue.resume(ids.paused, 2)).toThrow(refused('episodes-fewer', fewer(ids.paused, 40)));
  });

  it('a run that there is not', () => {
    const unknown = expect.objectContaining({ kind: 'input', code: 'unknown-run' });
    expect(() => lab.queue.pause('none')).toThrow(unknown);
    expect(() => lab.queue.move(ids.queued, 'none')).toThrow(unknown);
  });

  it.each(Object.keys(instead) as RunStatus[])('a run that is %s can be cloned', async (status) => {
    changeSettings(lab.stores.lab, { cpuSlots: 0 });
    const clone = await lab.queue.clone(ids[status], { seed: 77, learningRate: 0.5, dataset: null });
    expect(clone).toMatchObject({ status: 'queued', spec: { seed: 77, parameters: { learningRate: 0.5 } } });
    expect(clone.spec).not.toHaveProperty('dataset');
    await expect(lab.queue.clone(ids[status], { sead: 1 })).rejects.toMatchObject({
      code: 'unknown-change',
      message: expect.stringContaining('"seed"'),
    });
    lab.queue.stop(clone.id);
    changeSettings(lab.stores.lab, { cpuSlots: 1 });
  });
});

describe('a running run', () => {
  it('pauses with a checkpoint, and goes on exactly', async () => {
    gateAt(14);
    const id = await create();
    await lab.untilIteration(id, 13);
    expect(lab.queue.pause(id)).toMatchObject({ status: 'running', intent: 'pause' });
    expect(lab.queue.pause(id)).toMatchObject({ intent: 'pause' });
    for (const act of [() => lab.queue.resume(id), () => lab.queue.move(id, null)]) {
      expect(act).toThrow(`run ${id} is being paused; it can be stopped or cloned now, and resumed when it is paused, not`);
    }
    openGate();
    const paused = await lab.until(id, 'paused');
    expect(paused).toMatchObject({ intent: null, reason: null, iteration: 14 });
    expect(existsSync(join(lab.paths(id).checkpoints, '000000014.safetensors'))).toBe(true);
    await eventually(() => expect(existsSync(lab.paths(id).stop)).toBe(false));

    lab.queue.resume(id);
    await lab.until(id, 'finished');
    expect(lossesOf(id)).toEqual(await trainWithoutInterruption(linearSpec()));
    expect(lab.happened(id).filter((name) => ['pause', 'queued', 'started'].includes(name))).toEqual([
      'started',
      'pause',
      'queued',
      'started',
    ]);
  });

  it('is stopped where it was to be paused, when asked so before it had', async () => {
    gateAt(5);
    const id = await create();
    await lab.untilIteration(id, 4);
    lab.queue.pause(id);
    expect(lab.queue.stop(id)).toMatchObject({ intent: 'stop' });
    expect(() => lab.queue.pause(id)).toThrow(
      `run ${id} is being stopped; it can be cloned now, and resumed when it has stopped, not paused`,
    );
    openGate();
    expect(await lab.until(id, 'stopped')).toMatchObject({ iteration: 5 });
  });

  it('is stopped at once, without a checkpoint, and goes on exactly from the one before', async () => {
    gateAt(17);
    const id = await create();
    await lab.untilIteration(id, 16);
    lab.queue.stop(id, true);
    expect(await lab.until(id, 'stopped')).toMatchObject({ reasonCode: 'stopped-at-once', intent: null, pid: null });
    openGate();
    lab.queue.resume(id);
    await lab.until(id, 'finished');
    expect(lossesOf(id)).toEqual(await trainWithoutInterruption(linearSpec()));
  });

  it('is stopped at once also while it is only being started', async () => {
    const id = await create();
    await lab.until(id, 'running');
    lab.queue.stop(id, true);
    await lab.until(id, 'stopped');
    await eventually(() => expect(lab.queue.running).toBe(0));
    expect(lab.row(id).status).toBe('stopped');
  });

  it('says when its trainer does not heed a request, and can then be ended at once', async () => {
    const slow = await createQueueLab({ stopPatienceMs: 200 });
    gateAt(3);
    const { id } = (await slow.queue.create([linearSpec()]))[0]!;
    await slow.untilIteration(id, 2);
    slow.queue.stop(id);
    await eventually(() => expect(slow.happened(id)).toContain('stop-not-heeded'));
    slow.queue.stop(id, true);
    await slow.until(id, 'stopped');
    expect(slow.happened(id).filter((name) => name === 'stop-not-heeded')).toHaveLength(1);
    await slow.remove();
  });
});

describe('a request that meets the end of its run', () => {
  it.each<[string, (id: string) => unknown]>([
    ['pause', (id) => lab.queue.pause(id)],
    ['stop', (id) => lab.queue.stop(id)],
    ['stop --now', (id) => lab.queue.stop(id, true)],
  ])('%s changes nothing of how it ended, and leaves nothing behind', async (_what, act) => {
    const id = await create({ episodes: 12 });
    await lab.until(id, 'running');
    // The trainer has written its end, and nobody can have read that yet: the queue has no turn meanwhile.
    while (readHistory(readJournal(lab.paths(id).journal).records).end === undefined)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    act(id);
    expect(await lab.until(id, 'finished')).toMatchObject({ intent: null, iteration: 12 });
    await eventually(() => expect(existsSync(lab.paths(id).stop)).toBe(false));
    expect(lossesOf(id)).toHaveLength(12);
  });

  it('resuming at the very moment of the pause starts the next trainer when the last one has gone', async () => {
    gateAt(6);
    const id = await create({ episodes: 20 });
    await lab.untilIteration(id, 5);
    lab.queue.pause(id);
    const resumed = new Promise<void>((resolve) => {
      const stopListening = lab.queue.onChange((changed) => {
        if (changed !== id || lab.row(id).status !== 'paused') return;
        stopListening();
        lab.queue.resume(id);
        resolve();
      });
    });
    openGate();
    await resumed;
    await lab.until(id, 'finished');
    expect(lossesOf(id)).toEqual(await trainWithoutInterruption(linearSpec({ episodes: 20 })));
    expect(lab.row(id).attempts).toBe(2);
  });
});

it('a run that waits is paused, resumed and stopped where it stands, without a trainer', async () => {
  changeSettings(lab.stores.lab, { cpuSlots: 0 });
  const id = await create();
  expect(lab.queue.pause(id)).toMatchObject({ status: 'paused', queuePlace: null, intent: null });
  expect(lab.queue.stop(id)).toMatchObject({ status: 'stopped', endedAtMs: expect.any(Number) });
  expect(lab.queue.resume(id, 50)).toMatchObject({ status: 'queued', endedAtMs: null, spec: { episodes: 50 } });
  expect(lab.queue.stop(id, true)).toMatchObject({ status: 'stopped', queuePlace: null, attempts: 0 });
  expect(lab.happened(id)).toEqual(['pause', 'stop', 'queued', 'stop']);
  changeSettings(lab.stores.lab, { cpuSlots: 3 });
});

it('a finished run is extended as if it had been longer from the beginning', async () => {
  const id = await create({ episodes: 13 });
  await lab.until(id, 'finished');
  lab.queue.resume(id, 31);
  await lab.until(id, 'running');
  expect(await lab.until(id, 'finished')).toMatchObject({ episodes: 31, spec: { episodes: 31 } });
  expect(lossesOf(id)).toEqual(await trainWithoutInterruption(linearSpec({ episodes: 31 })));
});

it('a failed run is tried again, and keeps its reason until then', async () => {
  const id = await create({ episodes: 5000, settings: { learningRate: 1 } });
  expect(await lab.until(id, 'failed')).toMatchObject({
    reasonCode: 'loss-not-finite',
    reason: expect.stringContaining('the loss became'),
  });
  expect(lab.queue.retry(id)).toMatchObject({ status: 'queued', reason: null });
  expect(await lab.until(id, 'failed')).toMatchObject({ reasonCode: 'loss-not-finite', attempts: 2 });
});
