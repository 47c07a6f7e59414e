/** Which full checkpoints a run keeps: the trainer the last two, a finished run as many as the settings say; weights at marked iterations stay. */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { keptInFull } from '../../run-folder/checkpoints.ts';
import { finishedWithMore, listCheckpoints, markCheckpointsRemoved } from '../store/checkpoints.ts';
import type { QueueContext } from './context.ts';

/** Notes which ones the trainer has taken away itself. */
export function noteOldCheckpoints({ lab }: QueueContext, id: string): void {
  const old = findOld({ lab }, id, keptInFull);
  if (old.length > 0) markCheckpointsRemoved(lab, id, old);
}

/** Removes all full checkpoints of a finished run but the newest `checkpointsOfFinished`. */
export function removeOldCheckpoints(context: QueueContext, id: string): void {
  const old = findOld(context, id, Math.max(1, context.settings().checkpointsOfFinished));
  if (old.length === 0) return;
  const { checkpoints } = context.paths(id);
  for (const file of old) rmSync(join(checkpoints, basename(file)), { force: true });
  markCheckpointsRemoved(context.lab, id, old);
}

/** For runs that finished while no host was there to do it, or just before it was killed. Returns their ids. */
export function removeOverdueCheckpoints(context: QueueContext): string[] {
  const ids = finishedWithMore(context.lab, Math.max(1, context.settings().checkpointsOfFinished));
  for (const id of ids) removeOldCheckpoints(context, id);
  return ids;
}

function findOld({ lab }: Pick<QueueContext, 'lab'>, id: string, kept: number): string[] {
  const full = listCheckpoints(lab, id).filter(({ kind, removed }) => kind === 'full' && !removed);
  return full.slice(0, -kept).map(({ file }) => file);
}
