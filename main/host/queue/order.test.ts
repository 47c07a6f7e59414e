import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runsWithStatus } from '../store/runs.ts';
import { changeSettings } from '../store/settings.ts';
import { createQueueLab, eventually, linearSpec, setEnvironment, type QueueLab } from './test-support/queue-lab.ts';

let lab: QueueLab;
let gate: string;
let resetEnvironment: () => void;
beforeEach(async () => {
  lab = await createQueueLab();
  gate = join(lab.dataFolder, 'gate');
  resetEnvironment = setEnvironment({ TEST_GATE_AT: '2', TEST_GATE: gate });
});
afterEach(async () => {
  resetEnvironment();
  await lab.remove();
});

const createMany = async (count: number, choices: Parameters<typeof linearSpec>[0] = {}) => {
  const specs = Array.from({ length: count }, (_, seed) => linearSpec({ episodes: 3, seed, ...choices }));
  return (await lab.queue.create(specs)).map(({ id }) => id);
};
const waiting = () => runsWithStatus(lab.stores.lab, ['queued']).map(({ id }) => id);
const training = () => runsWithStatus(lab.stores.lab, ['running']).map(({ id }) => id);
const setSlots = (slots: { cpuSlots?: number; gpuSlots?: number }) => {
  changeSettings(lab.stores.lab, slots);
  lab.queue.wake();
};
const startedAt = (id: string) => lab.row(id).startedAtMs ?? Infinity;

describe('the order of the queue', () => {
  it('is that of their creation, one after the other', async () => {
    writeFileSync(gate, '');
    const ids = await createMany(3);
    expect(training()).toEqual(ids.slice(0, 1));
    expect(waiting()).toEqual(ids.slice(1));
    for (const id of ids) await lab.until(id, 'finished');
    expect(ids.map(startedAt)).toEqual(ids.map(startedAt).sort((a, b) => a - b));
  });

  it('is changed by moving, also many times into the same gap', async () => {
    setSlots({ cpuSlots: 0 });
    const [a, b, c, d] = (await createMany(4)) as [string, string, string, string];
    lab.queue.move(d, a);
    expect(waiting()).toEqual([d, a, b, c]);
    lab.queue.move(a, null);
    expect(waiting()).toEqual([d, b, c, a]);
    lab.queue.move(d, d);
    expect(waiting()).toEqual([d, b, c, a]);
    // Numbers between two neighbours run out after some fifty halvings.
    for (let time = 0; time < 130; time++) {
      const [first, second, third] = waiting() as [string, string, string];
      lab.queue.move(third, second);
      expect(waiting().slice(0, 3)).toEqual([first, third, second]);
    }
    expect(waiting().sort()).toEqual([a, b, c, d].sort());
  });

  it('puts what is resumed at the end, and keeps across a new host', async () => {
    setSlots({ cpuSlots: 0 });
    const [a, b, c] = (await createMany(3)) as [string, string, string];
    lab.queue.pause(a);
    lab.queue.resume(a);
    lab.queue.move(c, b);
    expect(waiting()).toEqual([c, b, a]);
    lab.leave();
    await lab.open();
    expect(waiting()).toEqual([c, b, a]);
    writeFileSync(gate, '');
    setSlots({ cpuSlots: 1 });
    for (const id of [c, b, a]) await lab.until(id, 'finished');
    expect(startedAt(c)).toBeLessThanOrEqual(startedAt(b));
    expect(startedAt(b)).toBeLessThanOrEqual(startedAt(a));
  });
});

describe('slots', () => {
  it('of one kind are not taken by runs of the other', async () => {
    setSlots({ cpuSlots: 1, gpuSlots: 1 });
    // A card cannot be had here: what counts is what the spec asks for, until a trainer has said what it got.
    const [cpu, nextCpu] = (await createMany(2)) as [string, string];
    const [gpu, nextGpu] = (await createMany(2, { backend: 'webgpu' })) as [string, string];
    expect([cpu, gpu].map((id) => lab.row(id).slot)).toEqual(['cpu', 'gpu']);
    expect(training().sort()).toEqual([cpu, gpu].sort());
    expect(waiting()).toEqual([nextCpu, nextGpu]);
    // This trainer has said that it computes on the processor: what is like it waits for a slot of that kind from now on.
    await lab.untilIteration(gpu, 1);
    expect(lab.row(gpu).slot).toBe('cpu');
    writeFileSync(gate, '');
    for (const id of [cpu, nextCpu, gpu, nextGpu]) await lab.until(id, 'finished');
    expect(lab.row(nextGpu).slot).toBe('cpu');
  });

  it('can be had more of while runs wait, and fewer without ending any', async () => {
    setSlots({ cpuSlots: 0 });
    const ids = await createMany(4);
    expect(training()).toEqual([]);
    setSlots({ cpuSlots: 2 });
    await eventually(() => expect(training()).toEqual(ids.slice(0, 2)));
    setSlots({ cpuSlots: 1 });
    expect(training()).toEqual(ids.slice(0, 2));
    writeFileSync(gate, '');
    for (const id of ids) await lab.until(id, 'finished');
    expect(startedAt(ids[3]!)).toBeGreaterThanOrEqual(lab.row(ids[2]!).endedAtMs ?? Infinity);
  });

  it('that are none keep nobody waiting for a host: it may leave', async () => {
    setSlots({ cpuSlots: 0 });
    await createMany(1);
    expect(lab.queue).toMatchObject({ busy: false, queued: 1, running: 0 });
    setSlots({ cpuSlots: 1 });
    expect(lab.queue.busy).toBe(true);
    writeFileSync(gate, '');
    await eventually(() => expect(lab.queue.busy).toBe(false));
  });
});

describe('many requests in one moment', () => {
  it('start no run twice, and lose none', async () => {
    setSlots({ cpuSlots: 2 });
    writeFileSync(gate, '');
    const created = await Promise.all(Array.from({ length: 4 }, () => createMany(2)));
    const ids = created.flat();
    for (let time = 0; time < 30; time++) {
      lab.queue.wake();
      const some = waiting();
      for (const id of some) lab.queue.pause(id);
      for (const id of some) lab.queue.resume(id);
    }
    for (const id of ids) await lab.until(id, 'finished');
    expect(ids.map((id) => lab.row(id).attempts)).toEqual(ids.map(() => 1));
    expect(ids.map((id) => lab.happened(id).filter((name) => name === 'started').length)).toEqual(ids.map(() => 1));
  });

  it('create all runs of a request or none', async () => {
    const specs = [linearSpec(), { ...linearSpec(), episodes: -1 }];
    await expect(lab.queue.create(specs)).rejects.toMatchObject({ kind: 'input' });
    expect(runsWithStatus(lab.stores.lab, ['queued', 'running'])).toEqual([]);
  });
});

it('a run whose folder vanishes before its turn fails, and the others go on', async () => {
  setSlots({ cpuSlots: 0 });
  writeFileSync(gate, '');
  const [a, b] = (await createMany(2)) as [string, string];
  rmSync(lab.paths(a).folder, { recursive: true });
  setSlots({ cpuSlots: 1 });
  expect(await lab.until(a, 'failed')).toMatchObject({ reasonCode: 'folder-gone' });
  await lab.until(b, 'finished');
});
