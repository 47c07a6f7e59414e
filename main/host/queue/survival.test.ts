import { cpSync, existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHistory } from '../../run-folder/journal-history.ts';
import { readJournal } from '../../run-folder/journal-reader.ts';
import { runPaths } from '../../run-folder/run-paths.ts';
import { trainWithoutInterruption } from '../../trainer/test-support/linear-training.ts';
import { changeRun } from '../store/runs.ts';
import { changeSettings } from '../store/settings.ts';
import { valuesOf } from '../store/series.ts';
import { createQueueLab, eventually, linearSpec, setEnvironment, type QueueLab } from './test-support/queue-lab.ts';

let lab: QueueLab;
let gate: string;
let resetEnvironment = () => {};
beforeEach(async () => {
  lab = await createQueueLab({ startPatienceMs: 500 });
  gate = join(lab.dataFolder, 'gate');
});
afterEach(async () => {
  resetEnvironment();
  await lab.remove();
});

const create = async (choices: Parameters<typeof linearSpec>[0] = {}) => (await lab.queue.create([linearSpec(choices)]))[0]!.id;
const setVariables = (variables: Record<string, string>) => {
  resetEnvironment();
  resetEnvironment = setEnvironment(variables);
};
const gateAt = (iteration: number) => setVariables({ TEST_GATE_AT: String(iteration), TEST_GATE: gate });
const openGate = () => writeFileSync(gate, '');
const historyOf = (id: string) => readHistory(readJournal(lab.paths(id).journal).records);
const uninterrupted = () => trainWithoutInterruption(linearSpec());
/** As the journal and as the database have them. */
const lossesOf = (id: string) => ({
  journal: historyOf(id).metrics.map(({ values }) => values['loss']),
  database: valuesOf(lab.stores.series, id, 'loss').map(({ value }) => value),
});
const expectExact = async (id: string) => {
  const losses = await uninterrupted();
  expect(lossesOf(id)).toEqual({ journal: losses, database: losses });
};

describe('a host that leaves while a trainer lives', () => {
  it('is followed by one that follows the trainer again: nothing lost, nothing twice', async () => {
    gateAt(12);
    const id = await create();
    await lab.untilIteration(id, 11);
    const pid = await lab.trainerPid(id);
    lab.leave();
    openGate();
    // It trains on alone, a while or to its end.
    await lab.open();
    expect(['running', 'finished']).toContain(lab.row(id).status);
    await lab.until(id, 'finished');
    expect(lab.row(id)).toMatchObject({ attempts: 1, intent: null });
    expect(historyOf(id).start?.pid).toBe(pid);
    await expectExact(id);
  });

  it('does not matter for what the trainer was asked', async () => {
    gateAt(12);
    const id = await create();
    await lab.untilIteration(id, 11);
    lab.queue.pause(id);
    lab.leave();
    // Whoever clears up in a run folder takes the request away with it.
    rmSync(lab.paths(id).stop);
    await lab.open();
    expect(lab.row(id)).toMatchObject({ status: 'running', intent: 'pause' });
    await eventually(() => expect(existsSync(lab.paths(id).stop)).toBe(true));
    openGate();
    expect(await lab.until(id, 'paused')).toMatchObject({ iteration: 12, reason: null });
  });

  it('and one that ended meanwhile is known as ended', async () => {
    gateAt(12);
    const [id, next] = [await create(), await create({ seed: 2 })];
    await lab.untilIteration(id, 11);
    const pid = await lab.trainerPid(id);
    lab.leave();
    openGate();
    await eventually(() => expect(historyOf(id).end?.status).toBe('finished'));
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow());
    await lab.open();
    expect(await lab.until(id, 'finished')).toMatchObject({ iteration: 40 });
    await lab.until(next, 'finished');
    await expectExact(id);
  });
});

describe('a trainer that vanishes', () => {
  it('leaves its run interrupted with the reason, and the run goes on exactly', async () => {
    setVariables({ TEST_KILL_AT: '27' });
    const id = await create();
    expect(await lab.until(id, 'interrupted')).toMatchObject({
      reasonCode: 'trainer-killed',
      reason: expect.stringContaining('SIGKILL'),
      intent: null,
      pid: null,
    });
    setVariables({});
    lab.queue.resume(id);
    await lab.until(id, 'finished');
    await expectExact(id);
  });

  it('because the system asked it to, as at shutdown, has saved before and goes on exactly', async () => {
    gateAt(27);
    const id = await create();
    await lab.untilIteration(id, 26);
    process.kill(await lab.trainerPid(id), 'SIGTERM');
    await sleep(300);
    openGate();
    expect(await lab.until(id, 'interrupted')).toMatchObject({ reasonCode: 'stopped-by-system', intent: null, iteration: 27 });
    expect(historyOf(id).checkpoints.at(-1)!.iteration).toBe(27);
    setVariables({});
    lab.queue.resume(id);
    await lab.until(id, 'finished');
    await expectExact(id);
  });

  it('while no host was there, is found by the next one', async () => {
    gateAt(27);
    const id = await create();
    await lab.untilIteration(id, 26);
    const pid = await lab.trainerPid(id);
    lab.leave();
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow());
    await lab.open();
    expect(await lab.until(id, 'interrupted')).toMatchObject({ reasonCode: 'trainer-vanished', iteration: 26 });
    expect(lab.notices).toEqual(['a run had lost the trainer and did not finish']);
    openGate();
    lab.queue.retry(id);
    await lab.until(id, 'finished');
    await expectExact(id);
  });

  it('by a restart of the computer, is known by its time', async () => {
    gateAt(5);
    const id = await create();
    await lab.untilIteration(id, 4);
    const pid = await lab.trainerPid(id);
    lab.leave();
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow());
    utimesSync(lab.paths(id).journal, 1_000_000_000, 1_000_000_000);
    await lab.open();
    expect(await lab.until(id, 'interrupted')).toMatchObject({ reasonCode: 'reboot', reason: 'the computer was restarted' });
    openGate();
  });

  it('says what it last said when it ends in an error that nobody foresaw', async () => {
    setVariables({ NODE_EXTRA_CA_CERTS: '', TEST_STEP_MS: '0' });
    const broken = await createQueueLab({ trainerEntry: join(lab.dataFolder, 'broken.mjs') });
    writeFileSync(join(lab.dataFolder, 'broken.mjs'), "throw new TypeError('the screw is loose')");
    const { id } = (await broken.queue.create([linearSpec()]))[0]!;
    expect(await broken.until(id, 'interrupted')).toMatchObject({
      reasonCode: 'trainer-died',
      reason: 'its trainer ended with code 1: TypeError: the screw is loose',
    });
    await broken.remove();
  });
});

describe('resuming by itself', () => {
  it('takes up what was interrupted, from its checkpoint', async () => {
    changeSettings(lab.stores.lab, { resumeInterrupted: true });
    setVariables({ TEST_KILL_AT: '27' });
    const id = await create();
    await eventually(() => expect(lab.row(id).resumesWithoutProgress).toBe(1));
    setVariables({});
    // The trainer that was started meanwhile dies of the same; the one after it does not.
    await lab.until(id, 'finished');
    await expectExact(id);
  });

  it('gives up on what gets nowhere', async () => {
    changeSettings(lab.stores.lab, { resumeInterrupted: true });
    setVariables({ TEST_KILL_AT: '5' });
    const id = await create();
    await eventually(() => expect(lab.happened(id)).toContain('resume-given-up'));
    expect(lab.row(id)).toMatchObject({ status: 'interrupted', attempts: 4, resumesWithoutProgress: 3 });
    setVariables({});
    expect(lab.queue.resume(id)).toMatchObject({ resumesWithoutProgress: 0 });
    await lab.until(id, 'finished');
  });

  it('leaves alone what was on its way to be stopped or paused', async () => {
    changeSettings(lab.stores.lab, { resumeInterrupted: true });
    gateAt(5);
    const id = await create();
    await lab.untilIteration(id, 4);
    lab.queue.pause(id);
    process.kill(await lab.trainerPid(id), 'SIGKILL');
    await lab.until(id, 'interrupted');
    await eventually(() => expect(lab.queue.running).toBe(0));
    expect(lab.row(id).status).toBe('interrupted');
    openGate();
  });
});

describe('a new host', () => {
  it('finds queued and paused runs as they were, and starts what waits', async () => {
    changeSettings(lab.stores.lab, { cpuSlots: 0 });
    const [queued, paused] = [await create({ episodes: 3 }), await create()];
    lab.queue.pause(paused);
    changeSettings(lab.stores.lab, { cpuSlots: 1 });
    lab.leave();
    await lab.open();
    await lab.until(queued, 'finished');
    expect(lab.row(paused)).toMatchObject({ status: 'paused', attempts: 0 });
  });

  it('queues again what its predecessor had marked as running and could not start any more', async () => {
    changeSettings(lab.stores.lab, { cpuSlots: 0 });
    const [first, id, paused] = [await create({ episodes: 3 }), await create(), await create()];
    changeRun(lab.stores.lab, id, { status: 'running', queuePlace: null, pid: null });
    changeRun(lab.stores.lab, paused, { status: 'running', queuePlace: null, pid: null, intent: 'pause' });
    changeSettings(lab.stores.lab, { cpuSlots: 3 });
    lab.leave();
    await lab.open();
    await lab.until(first, 'finished');
    await lab.until(id, 'finished');
    expect(await lab.until(paused, 'paused')).toMatchObject({ intent: null });
    await expectExact(id);
  });

  it('says where a lock is from that it cannot look behind, and what can be done', async () => {
    changeSettings(lab.stores.lab, { queueHeld: true });
    const id = await create();
    changeRun(lab.stores.lab, id, { status: 'running' });
    const { lock } = lab.paths(id);
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: 'another-computer', started: '1' }));
    lab.leave();
    await lab.open();
    await eventually(() => expect(lab.happened(id)).toContain('locked-elsewhere'));
    expect(lab.row(id).status).toBe('running');
    rmSync(lock);
    await lab.until(id, 'queued');
  });

  it('does not take a trainer of another lab with the same run for its own', async () => {
    gateAt(5);
    const id = await create();
    await lab.untilIteration(id, 4);
    const copy = `${lab.dataFolder}-copy`;
    lab.leave();
    cpSync(lab.dataFolder, copy, { recursive: true });
    rmSync(runPaths(join(copy, 'runs', id)).lock);
    const { openStores } = await import('../store/open-stores.ts');
    const { createQueue } = await import('./queue.ts');
    const stores = openStores(copy);
    const { readSettings } = await import('../store/settings.ts');
    const queue = createQueue({ stores, dataFolder: copy, trainerEntry: 'none', settings: () => readSettings(stores.lab) });
    await queue.start();
    const { readRun } = await import('../store/runs.ts');
    expect(readRun(stores.lab, id)).toMatchObject({ status: 'interrupted', reasonCode: 'trainer-vanished' });
    queue.close();
    stores.close();
    rmSync(copy, { recursive: true });
    openGate();
    await lab.open();
    await lab.until(id, 'finished');
  });
});

describe('run folders', () => {
  it('that were copied in are taken in as they stand', async () => {
    const id = await create({ episodes: 12 });
    await lab.until(id, 'finished');
    await eventually(() => expect(lab.queue.running).toBe(0));
    lab.leave();
    const copied = '20200101-000000-images-free-1-copy';
    cpSync(lab.paths(id).folder, lab.paths(copied).folder, { recursive: true });
    const torn = '20200101-000000-images-free-1-torn';
    mkdirSync(lab.paths(torn).folder);
    writeFileSync(lab.paths(torn).spec, '{');
    await lab.open();
    expect(lab.row(copied)).toMatchObject({ status: 'finished', iteration: 12, createdAtMs: lab.row(id).createdAtMs });
    expect(lab.notices).toEqual([
      'a run folder that the database did not know was taken in',
      expect.stringContaining(`the run folder ${torn} cannot be taken in`),
    ]);
    lab.queue.resume(copied, 14);
    await lab.until(copied, 'finished');
    expect(historyOf(copied).metrics).toHaveLength(14);
  });

  it('that were made by a host that was killed before it noted them are there at the next start', async () => {
    lab.leave();
    const id = '20200101-000000-images-free-1-made';
    mkdirSync(lab.paths(id).folder);
    writeFileSync(lab.paths(id).spec, JSON.stringify(linearSpec({ episodes: 3 })));
    await lab.open();
    expect(lab.row(id)).toMatchObject({ status: 'interrupted', iteration: 0 });
    lab.queue.resume(id);
    await lab.until(id, 'finished');
  });

  it('that are gone make their runs failed, and these are as before when the folders are back', async () => {
    const [finished, paused] = [await create({ episodes: 3 }), await create()];
    await lab.until(finished, 'finished');
    lab.queue.pause(paused);
    await lab.until(paused, 'paused').catch(() => {});
    await eventually(() => expect(lab.queue.running).toBe(0));
    const stood = lab.row(paused).status;
    lab.leave();
    const away = join(lab.dataFolder, 'away');
    renameSync(join(lab.dataFolder, 'runs'), away);
    await lab.open();
    for (const id of [finished, paused]) expect(lab.row(id)).toMatchObject({ status: 'failed', reasonCode: 'folder-gone' });
    expect(lab.notices[0]).toContain('the folders of 2 runs are gone');
    lab.queue.resume(paused);
    await eventually(() => expect(lab.row(paused)).toMatchObject({ status: 'failed', reasonCode: 'folder-gone' }));

    lab.leave();
    rmSync(join(lab.dataFolder, 'runs'), { recursive: true });
    renameSync(away, join(lab.dataFolder, 'runs'));
    await lab.open();
    expect(lab.row(finished)).toMatchObject({ status: 'finished', reason: null });
    expect(['interrupted', 'stopped', 'finished']).toContain(lab.row(paused).status);
    expect(lab.happened(paused)).toContain('folder-back');
    if (stood === 'paused') {
      lab.queue.resume(paused);
      await lab.until(paused, 'finished');
      await expectExact(paused);
    }
  });
});

describe('a clock that jumps back', () => {
  it('changes neither the order nor what is done', async () => {
    let nowMs = Date.UTC(2030, 0, 1);
    const other = await createQueueLab({ now: () => (nowMs -= 3_600_000) });
    changeSettings(other.stores.lab, { cpuSlots: 0 });
    const ids: string[] = [];
    for (let seed = 0; seed < 3; seed++) ids.push((await other.queue.create([linearSpec({ episodes: 3, seed })]))[0]!.id);
    expect(new Set(ids).size).toBe(3);
    gateAt(2);
    changeSettings(other.stores.lab, { cpuSlots: 1 });
    other.queue.wake();
    await other.untilIteration(ids[0]!, 1);
    expect(ids.map((id) => other.row(id).status)).toEqual(['running', 'queued', 'queued']);
    // A journal that seems to have been written long ago, or tomorrow, is followed all the same.
    utimesSync(other.paths(ids[0]!).journal, 1_000_000_000, 1_000_000_000);
    other.queue.pause(ids[0]!);
    openGate();
    await other.until(ids[0]!, 'paused');
    // A request from the future, for a trainer that has gone since.
    writeFileSync(other.paths(ids[0]!).stop, '');
    utimesSync(other.paths(ids[0]!).stop, 4_000_000_000, 4_000_000_000);
    other.queue.resume(ids[0]!);
    for (const id of ids) await other.until(id, 'finished');
    expect(ids.map((id) => other.row(id).attempts)).toEqual([2, 1, 1]);
    await other.remove();
  });
});
