import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHistory } from '../../run-folder/journal-history.ts';
import { readJournal } from '../../run-folder/journal-reader.ts';
import { trainWithoutInterruption } from '../../trainer/test-support/linear-training.ts';
import { listCheckpoints } from '../store/checkpoints.ts';
import { changeRun, readRun } from '../store/runs.ts';
import { metricNames } from '../store/series.ts';
import { changeSettings } from '../store/settings.ts';
import { createQueueLab, eventually, linearSpec, setEnvironment, type QueueLab } from './test-support/queue-lab.ts';

let lab: QueueLab;
let gate: string;
let resetEnvironment = () => {};
beforeEach(async () => {
  lab = await createQueueLab();
  gate = join(lab.dataFolder, 'gate');
});
afterEach(async () => {
  resetEnvironment();
  await lab.remove();
});

const create = async (choices: Parameters<typeof linearSpec>[0] = {}) => (await lab.queue.create([linearSpec(choices)]))[0]!.id;
/** Of a run that was never started, which is quick. */
const createStopped = async () => {
  changeSettings(lab.stores.lab, { cpuSlots: 0 });
  const id = await create();
  lab.queue.stop(id);
  changeSettings(lab.stores.lab, { cpuSlots: 1 });
  return id;
};
const finish = async (id: string) => {
  await lab.until(id, 'finished');
  await eventually(() => expect(lab.queue.running).toBe(0));
};
const gateAt = (iteration: number) => {
  resetEnvironment = setEnvironment({ TEST_GATE_AT: String(iteration), TEST_GATE: gate });
};
const openGate = () => writeFileSync(gate, '');
const lossesOf = (id: string) => readHistory(readJournal(lab.paths(id).journal).records).metrics.map(({ values }) => values['loss']);

describe('the trash', () => {
  it('gives back what was put into it, and purges the rest with its bytes', async () => {
    const id = await create({ episodes: 12 });
    await finish(id);
    const { sizeBytes } = lab.row(id);
    expect(sizeBytes).toBeGreaterThan(1000);
    lab.queue.trash([id]);
    expect(lab.queue.trash([id])[0]).toMatchObject({ status: 'finished', trashedAtMs: expect.any(Number) });
    const inTrash = `run ${id} is in the trash; it can be restored or purged, not resumed`;
    expect(() => lab.queue.resume(id, 20)).toThrow(
      expect.objectContaining({ code: 'run-state', message: inTrash.replace('resumed', 'extended with more episodes') }),
    );
    lab.queue.restore([id]);
    expect(lab.queue.restore([id])[0]).toMatchObject({ status: 'finished', trashedAtMs: null });
    await expect(lab.queue.purge([id])).rejects.toMatchObject({
      code: 'run-state',
      message: expect.stringContaining('is not in the trash'),
    });

    lab.queue.trash([id]);
    const done: number[] = [];
    expect(await lab.queue.purge([id], (count) => done.push(count))).toEqual({ purged: [id], freedBytes: sizeBytes });
    expect(done).toEqual([1]);
    expect(readRun(lab.stores.lab, id)).toBeUndefined();
    expect(existsSync(lab.paths(id).folder)).toBe(false);
    expect(metricNames(lab.stores.series, id)).toEqual([]);
  });

  it('takes all or none, and no protected run', async () => {
    const [a, b] = [await createStopped(), await createStopped()];
    changeRun(lab.stores.lab, b, { protected: true });
    const isProtected = { kind: 'input', code: 'run-protected', message: expect.stringContaining(`run ${b} is protected`) };
    expect(() => lab.queue.trash([a, b])).toThrow(expect.objectContaining(isProtected));
    expect(lab.row(a).trashedAtMs).toBeNull();
    changeRun(lab.stores.lab, b, { protected: false });
    lab.queue.trash([a, b]);
    changeRun(lab.stores.lab, b, { protected: true });
    await expect(lab.queue.purge([a, b])).rejects.toMatchObject(isProtected);
    expect(existsSync(lab.paths(a).folder)).toBe(true);
  });

  it('does not give back what is being purged, and keeps what was protected at the last moment', async () => {
    const ids = [await createStopped(), await createStopped(), await createStopped()];
    lab.queue.trash(ids);
    const purging = lab.queue.purge(ids);
    for (const id of ids) expect(() => lab.queue.restore([id])).toThrow(expect.objectContaining({ code: 'run-state' }));
    changeRun(lab.stores.lab, ids[2]!, { protected: true });
    expect((await purging).purged).toEqual(ids.slice(0, 2));
    expect(existsSync(lab.paths(ids[2]!).spec)).toBe(true);
  });

  it('finishes at the next start what a killed host had begun to purge', async () => {
    const [gone, half] = [await createStopped(), await createStopped()];
    lab.queue.trash([gone, half]);
    for (const id of [gone, half]) changeRun(lab.stores.lab, id, { reasonCode: 'purge-begun' });
    rmSync(lab.paths(gone).folder, { recursive: true });
    rmSync(lab.paths(half).spec);
    expect(() => lab.queue.restore([half])).toThrow(`run ${half} is being purged; it cannot be restored any more`);
    lab.leave();
    await lab.open();
    expect([gone, half].map((id) => readRun(lab.stores.lab, id))).toEqual([undefined, undefined]);
    expect(readdirSync(join(lab.dataFolder, 'runs'))).toEqual([]);
    expect(lab.notices).toEqual([]);
  });

  it('may be purged at the very moment of the end, and the queue goes on', async () => {
    const [id, next] = [await create({ episodes: 3 }), await create({ episodes: 3 })];
    await lab.until(id, 'finished');
    lab.queue.trash([id]);
    await eventually(() => expect(existsSync(lab.paths(id).lock)).toBe(false));
    await lab.queue.purge([id]);
    await lab.until(next, 'finished');
  });
});

describe('checkpoints', () => {
  const filesOf = (id: string) => readdirSync(lab.paths(id).checkpoints);
  const keptOf = (id: string) =>
    listCheckpoints(lab.stores.lab, id).flatMap(({ file, removed }) => (removed ? [] : [file.slice('checkpoints/'.length)]));

  it('of a live run are the last two, and the database knows it', async () => {
    gateAt(38);
    const id = await create();
    await lab.untilIteration(id, 37);
    expect(keptOf(id)).toEqual(['000000020.safetensors', '000000030.safetensors']);
    expect(filesOf(id)).toEqual(keptOf(id));
    openGate();
    await finish(id);
  });

  it('of a finished run are as many as the settings say, also where it finished without a host; marked weights stay', async () => {
    const id = await create({ episodes: 110 });
    await finish(id);
    expect(filesOf(id)).toEqual(['000000100.safetensors', '000000100.weights.safetensors', '000000110.safetensors']);
    expect(keptOf(id)).toEqual(filesOf(id));
    const { sizeBytes } = lab.row(id);

    changeSettings(lab.stores.lab, { checkpointsOfFinished: 1 });
    lab.leave();
    await lab.open();
    await eventually(() => expect(lab.row(id).sizeBytes).toBeLessThan(sizeBytes));
    expect(filesOf(id)).toEqual(['000000100.weights.safetensors', '000000110.safetensors']);
    expect(keptOf(id)).toEqual(filesOf(id));
    lab.queue.resume(id, 120);
    await lab.until(id, 'running');
    await finish(id);
    expect(filesOf(id)).toEqual(['000000100.weights.safetensors', '000000120.safetensors']);
    expect(lossesOf(id)).toEqual(await trainWithoutInterruption(linearSpec({ episodes: 120 })));
  });
});

describe('the disk guard', () => {
  const setMinimum = (minimumFreeBytes: number) => changeSettings(lab.stores.lab, { minimumFreeBytes });
  const everything = Number.MAX_SAFE_INTEGER;

  it('pauses what trains and starts nothing, says why, and lets all go on by itself when there is space', async () => {
    gateAt(14);
    const [id, next] = [await create(), await create({ episodes: 3 })];
    await lab.untilIteration(id, 13);
    setMinimum(everything);
    lab.queue.wake();
    expect(lab.queue.held).toMatch(/^no run is started: only .* are free where the lab lies, and .* are to stay free$/);
    expect(lab.row(id)).toMatchObject({
      intent: 'pause',
      reasonCode: 'disk-low',
      reason: expect.stringMatching(/^paused: only .* to stay free$/),
    });
    openGate();
    const paused = await lab.until(id, 'paused');
    expect(paused).toMatchObject({ reasonCode: 'disk-low', reason: expect.stringContaining('paused: only') });
    expect(lab.happened(id)).toContain('disk-low');
    await eventually(() => expect(lab.queue.running).toBe(0));
    expect(lab.row(next).status).toBe('queued');
    const later = await create({ episodes: 3 });
    expect(lab.row(later).status).toBe('queued');
    expect(lab.queue.busy).toBe(true);

    setMinimum(0);
    await lab.until(id, 'finished');
    for (const other of [next, later]) await lab.until(other, 'finished');
    expect(lossesOf(id)).toEqual(await trainWithoutInterruption(linearSpec()));
    expect(lab.queue.held).toBeNull();
  });

  it('keeps a host that has nothing else to do, and is heeded by the next one', async () => {
    gateAt(4);
    const id = await create();
    await lab.untilIteration(id, 3);
    setMinimum(everything);
    lab.queue.wake();
    openGate();
    await lab.until(id, 'paused');
    await eventually(() => expect(lab.queue.running).toBe(0));
    expect(lab.queue.busy).toBe(true);
    lab.leave();
    await lab.open();
    expect(lab.row(id)).toMatchObject({ status: 'paused', reasonCode: 'disk-low' });
    expect(lab.queue).toMatchObject({ held: expect.any(String), busy: true });
    setMinimum(0);
    lab.leave();
    await lab.open();
    await lab.until(id, 'finished');
  });

  it('leaves to people what they have decided themselves', async () => {
    gateAt(4);
    const [byGuard, byPerson] = [await create(), await create()];
    await lab.untilIteration(byGuard, 3);
    setMinimum(everything);
    lab.queue.wake();
    lab.queue.pause(byPerson);
    lab.queue.pause(byGuard);
    openGate();
    expect(await lab.until(byGuard, 'paused')).toMatchObject({ reasonCode: null, reason: null });
    await eventually(() => expect(lab.queue.busy).toBe(false));
    setMinimum(0);
    lab.queue.wake();
    expect([byGuard, byPerson].map((id) => lab.row(id).status)).toEqual(['paused', 'paused']);
    lab.queue.resume(byGuard);
    await lab.until(byGuard, 'finished');
  });
});
