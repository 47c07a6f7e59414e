/** Which queued runs are started when. */
import { existsSync } from 'node:fs';
import { EngramError } from '../../../core/contract/errors.ts';
import { explainDiskError } from '../../run-folder/disk-space.ts';
import { countQueued, readRun, runsWithStatus, type RunRow } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import type { Slot, Slots } from './slots.ts';
import type { Trainers } from './trainers.ts';

export interface Scheduler {
  /** Starts what may start: in queue order, as many of each kind as there are slots. Never throws. */
  schedule(): void;
  /** Trainers that live or are being started. */
  readonly running: number;
  readonly queued: number;
  /** Whether a queued run will be started without anybody doing anything. */
  readonly expectsStarts: boolean;
  /** Something could not be started for the moment, as on a full disk: `schedule` has to be called again after a while. */
  readonly owes: boolean;
}

export interface SchedulerOptions {
  readonly mayStart: () => boolean;
  /** `owes` has become true. */
  readonly onOwed: () => void;
}

export function createScheduler(context: QueueContext, trainers: Trainers, slots: Slots, options: SchedulerOptions): Scheduler {
  const { mayStart, onOwed } = options;
  const starting = new Set<string>();
  let owes = false;
  let problem: string | undefined;
  const limitOf = (slot: Slot) => {
    const { queueHeld, gpuSlots, cpuSlots } = context.settings();
    return queueHeld ? 0 : slot === 'gpu' ? gpuSlots : cpuSlots;
  };

  const owe = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== problem) context.log(`a run cannot be started at present: ${message}`);
    problem = message;
    owes = true;
    onOwed();
  };

  const countFree = () => {
    const free = { gpu: limitOf('gpu'), cpu: limitOf('cpu') };
    for (const id of [...trainers.live, ...starting]) {
      const row = readRun(context.lab, id);
      if (row !== undefined) free[row.slot]--;
    }
    return free;
  };

  const begin = async (row: RunRow) => {
    starting.add(row.id);
    try {
      const fault = findFault(context, row) ?? (await checkDataset(context, row));
      const { status, trashedAtMs } = context.read(row.id);
      // Somebody may have taken it out of the queue meanwhile.
      if (!mayStart() || status !== 'queued' || trashedAtMs !== null) return;
      if (fault === undefined) trainers.start(context.read(row.id));
      else fail(context, row.id, fault);
      problem = undefined;
    } catch (thrown) {
      const error = explainDiskError(thrown, context.dataFolder);
      if (!isDiskFull(error)) {
        fail(context, row.id, { reasonCode: 'trainer-not-started', reason: `its trainer could not be started: ${error.message}` });
        return;
      }
      // It keeps its place.
      if (context.read(row.id).status === 'running') context.change(row.id, { status: 'queued', queuePlace: row.queuePlace });
      throw error;
    } finally {
      starting.delete(row.id);
    }
  };

  const startAll = () => {
    owes = false;
    if (!mayStart()) return;
    const free = countFree();
    if (free.gpu <= 0 && free.cpu <= 0) return;
    for (const row of runsWithStatus(context.lab, ['queued'])) {
      if (trainers.live.has(row.id) || starting.has(row.id)) continue;
      const slot = slots.slotOf(row.spec);
      if (slot !== row.slot) context.change(row.id, { slot });
      if (free[slot] <= 0) continue;
      free[slot]--;
      begin(row).then(schedule, owe);
    }
  };

  const schedule = () => {
    try {
      startAll();
    } catch (error) {
      owe(error);
    }
  };

  return {
    schedule,
    get running() {
      return trainers.live.size + starting.size;
    },
    get queued() {
      const { gpu, cpu } = countQueued(context.lab);
      return gpu + cpu;
    },
    get expectsStarts() {
      const queued = countQueued(context.lab);
      return (queued.gpu > 0 && limitOf('gpu') > 0) || (queued.cpu > 0 && limitOf('cpu') > 0);
    },
    get owes() {
      return owes;
    },
  };
}

function isDiskFull(error: Error): boolean {
  return error instanceof EngramError && error.code === 'disk-full';
}

interface Fault {
  readonly reasonCode: string;
  readonly reason: string;
}

function findFault(context: QueueContext, { id }: RunRow): Fault | undefined {
  return existsSync(context.paths(id).spec) ? undefined : { reasonCode: 'folder-gone', reason: 'its folder is gone' };
}

async function checkDataset(context: QueueContext, { spec }: RunRow): Promise<Fault | undefined> {
  const reason = await context.checkDataset?.(spec);
  return reason === undefined ? undefined : { reasonCode: 'dataset-missing', reason };
}

function fail(context: QueueContext, id: string, fault: Fault): void {
  context.change(id, { status: 'failed', queuePlace: null, endedAtMs: context.now(), ...fault });
  context.note(id, 'failed', fault.reason, { level: 'error' });
}
