/** Pauses runs before the disk is full, and queues them again when there is space. */
import { formatSpace, freeBytes } from '../../run-folder/disk-space.ts';
import { pausedFor } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import { firstPlace } from './places.ts';
import type { Trainers } from './trainers.ts';

/** The reason code of runs that the guard has paused. */
const diskLow = 'disk-low';

export interface DiskGuard {
  /** Looks at the disk, unless it has done so within some seconds and `now` is false. Returns whether runs may start now that might not before. */
  check(now?: boolean): boolean;
  /** Why no run is started at present. */
  readonly held: string | null;
  /** Whether there are runs that it has paused and will queue again. */
  readonly hasPaused: boolean;
}

const lookEveryMs = 3000;
/** Runs go on when there is this much more than the least, so that they are not paused again at once. */
const spare = 1.05;

export function createDiskGuard(context: QueueContext, trainers: Trainers): DiskGuard {
  let held: string | null = null;
  let lookedMs = -Infinity;

  const pauseLive = (reason: string) => {
    for (const id of trainers.live) {
      const { status, intent } = context.read(id);
      if (status !== 'running' || intent !== null) continue;
      context.change(id, { intent: 'pause', reasonCode: diskLow, reason });
      context.note(id, 'disk-low', reason, { level: 'warning' });
      trainers.ask(id);
    }
  };

  return {
    get held() {
      return held;
    },
    get hasPaused() {
      return pausedFor(context.lab, diskLow).length > 0;
    },
    check(now = false) {
      if (!now && performance.now() - lookedMs < lookEveryMs) return false;
      lookedMs = performance.now();
      const free = freeBytes(context.dataFolder);
      const { minimumFreeBytes } = context.settings();
      if (free < minimumFreeBytes * (held === null ? 1 : spare)) {
        const numbers = `only ${formatSpace(free)} are free where the lab lies, and ${formatSpace(minimumFreeBytes)} are to stay free`;
        held = `no run is started: ${numbers}`;
        pauseLive(`paused: ${numbers}`);
        return false;
      }
      const wasHeld = held !== null;
      held = null;
      return queueAgain(context) || wasHeld;
    },
  };
}

/** What the guard has paused goes on, before what has not begun. Returns whether there was any. */
function queueAgain(context: QueueContext): boolean {
  const waiting = pausedFor(context.lab, diskLow);
  for (const id of waiting.toReversed()) {
    context.change(id, { status: 'queued', queuePlace: firstPlace(context), reasonCode: null, reason: null, endedAtMs: null });
    context.note(id, 'queued', 'queued again: there is space on the disk');
  }
  return waiting.length > 0;
}
