/** Takes away full checkpoints that a finished run needs no more; weights at marked iterations stay. */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listCheckpoints, markCheckpointsRemoved } from '../store/checkpoints.ts';
import type { QueueContext } from './context.ts';

/** Removes all full checkpoints but the newest `checkpointsOfFinished`. */
export function removeOldCheckpoints(context: QueueContext, id: string): void {
  const full = listCheckpoints(context.lab, id).filter(({ kind, removed }) => kind === 'full' && !removed);
  const old = full.slice(0, -Math.max(1, context.settings().checkpointsOfFinished)).map(({ file }) => file);
  if (old.length === 0) return;
  const { checkpoints } = context.paths(id);
  for (const file of old) rmSync(join(checkpoints, basename(file)), { force: true });
  markCheckpointsRemoved(context.lab, id, old);
}
