/** A throw-away lab with a run queue and real trainer processes of a tiny training (not used by the product). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { RunSpec } from '../../../../core/contract/run-spec.ts';
import { createRunSpec, type RunChoices } from '../../../../core/experiments/create-run-spec.ts';
import { runsFolder } from '../../../run-folder/data-folder.ts';
import { readLockHolder } from '../../../run-folder/process-lock.ts';
import { runPaths, type RunPaths } from '../../../run-folder/run-paths.ts';
import { listHappenings } from '../../store/happenings.ts';
import { openStores, type Stores } from '../../store/open-stores.ts';
import { readRun, runsWithStatus, type RunRow, type RunStatus } from '../../store/runs.ts';
import { changeSettings, readSettings } from '../../store/settings.ts';
import { createQueue, type Queue, type QueueOptions } from '../queue.ts';

const linearTrainer = fileURLToPath(new URL('../../../trainer/test-support/entry.ts', import.meta.url));

export interface QueueLab {
  readonly dataFolder: string;
  readonly stores: Stores;
  readonly queue: Queue;
  /** What `start` told. */
  readonly notices: readonly string[];
  paths(id: string): RunPaths;
  row(id: string): RunRow;
  /** The names of what happened to it. */
  happened(id: string): string[];
  /** Waits until the run is in this state, and returns it; 20 s at most. */
  until(id: string, status: RunStatus): Promise<RunRow>;
  /** Waits until its trainer has trained so many iterations. */
  untilIteration(id: string, iteration: number): Promise<RunRow>;
  /** The process that trains it. */
  trainerPid(id: string): Promise<number>;
  /** Closes the queue and the stores: as if the host had left. */
  leave(): void;
  /** A new queue on the same folder. */
  open(): Promise<void>;
  /** Ends trainers that are still there, and removes the folder. */
  remove(): Promise<void>;
}

export async function createQueueLab(options: Partial<QueueOptions> = {}): Promise<QueueLab> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'engram-queue-'));
  let stores: Stores | undefined;
  let queue: Queue | undefined;
  let notices: readonly string[] = [];
  const paths = (id: string) => runPaths(join(runsFolder(dataFolder), id));
  const row = (id: string) => readRun(stores!.lab, id)!;

  const open = async () => {
    const opened = (stores = openStores(dataFolder));
    changeSettings(opened.lab, {
      minimumFreeBytes: readSettings(opened.lab).minimumFreeBytes === 1e9 ? 0 : readSettings(opened.lab).minimumFreeBytes,
    });
    queue = createQueue({ stores: opened, dataFolder, trainerEntry: linearTrainer, settings: () => readSettings(opened.lab), ...options });
    notices = await queue.start();
  };
  const leave = () => {
    queue?.close();
    stores?.close();
    [queue, stores] = [undefined, undefined];
  };

  await open();
  return {
    dataFolder,
    get stores() {
      return stores!;
    },
    get queue() {
      return queue!;
    },
    get notices() {
      return notices;
    },
    paths,
    row,
    happened: (id) => listHappenings(stores!.lab, id).map(({ name }) => name),
    until: async (id, status) => {
      await eventually(() => expect(row(id)).toMatchObject({ status }));
      return row(id);
    },
    untilIteration: async (id, iteration) => {
      await eventually(() => expect(row(id).iteration).toBeGreaterThanOrEqual(iteration));
      return row(id);
    },
    trainerPid: async (id) => {
      await eventually(() => expect(readLockHolder(paths(id).lock)).toBeDefined());
      return readLockHolder(paths(id).lock)!.pid;
    },
    leave,
    open,
    remove: async () => {
      if (stores === undefined) await open();
      for (const { id } of runsWithStatus(stores!.lab, ['queued', 'paused'])) queue!.stop(id);
      for (const { id } of runsWithStatus(stores!.lab, ['running'])) queue!.stop(id, true);
      await eventually(() => expect(queue!.running).toBe(0));
      leave();
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Waits until `check` does not throw any more; unlike `expect.poll` also outside of tests. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 20_000, interval: 10 });
}

/** A training of so many iterations of one episode, with a checkpoint every ten. */
export function linearSpec(choices: Omit<RunChoices, 'experiment'> = {}): RunSpec {
  const settings = { learningRate: 0.01, checkpointEvery: 10, evaluationEvery: 0, ...choices.settings };
  return createRunSpec({ episodes: 40, batch: 1, backend: 'cpu', ...choices, experiment: 'images', settings });
}

/** Sets variables that trainers inherit; the returned function puts them back. */
export function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
