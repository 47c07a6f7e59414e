/** Which queued runs are started when. */
import { existsSync } from 'node:fs';
import { explainDiskError } from '../../run-folder/disk-space.ts';
import { runsWithStatus, type RunRow } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import type { Slot, Slots } from './slots.ts';
import type { Trainers } from './trainers.ts';

export interface Scheduler {
  /** Starts what may start: in queue order, as many of each kind as there are slots. */
  schedule(): void;
  /** Trainers that live or are being started. */
  readonly running: number;
  readonly queued: number;
  /** Whether a queued run will be started without anybody doing anything. */
  readonly expectsStarts: boolean;
}

export function createScheduler(context: QueueContext, trainers: Trainers, slots: Slots, mayStart: () => boolean): Scheduler {
  const starting = new Set<string>();
  const queuedRows = () => runsWithStatus(context.lab, ['queued']);
  const limitOf = (slot: Slot) => context.settings()[slot === 'gpu' ? 'gpuSlots' : 'cpuSlots'];

  const countUsed = () => {
    const used = { gpu: 0, cpu: 0 };
    for (const id of [...trainers.live, ...starting]) used[context.read(id).slot]++;
    return used;
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
    } catch (error) {
      const { message } = explainDiskError(error, context.dataFolder);
      fail(context, row.id, { reasonCode: 'trainer-not-started', reason: `its trainer could not be started: ${message}` });
    } finally {
      starting.delete(row.id);
    }
  };

  const schedule = () => {
    if (!mayStart()) return;
    const used = countUsed();
    for (const row of queuedRows()) {
      if (trainers.live.has(row.id) || starting.has(row.id)) continue;
      const slot = slots.slotOf(row.spec);
      if (slot !== row.slot) context.change(row.id, { slot });
      if (used[slot] >= limitOf(slot)) continue;
      used[slot]++;
      begin(row).then(schedule, (error: unknown) => context.log(`run ${row.id} cannot be started at present: ${String(error)}`));
    }
  };

  return {
    schedule,
    get running() {
      return trainers.live.size + starting.size;
    },
    get queued() {
      return queuedRows().length;
    },
    get expectsStarts() {
      return queuedRows().some(({ slot }) => limitOf(slot) > 0);
    },
  };
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
