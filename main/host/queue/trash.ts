/** Runs into the trash, out of it, and gone for good. */
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { InputError } from '../../../core/contract/errors.ts';
import { requireUnlocked } from '../../run-folder/run-lock.ts';
import { deleteRun, type RunRow } from '../store/runs.ts';
import { deleteSeries } from '../store/series.ts';
import type { QueueContext } from './context.ts';
import { measureFolder } from './folder-size.ts';
import type { Queue } from './queue-types.ts';
import { requirePossible } from './run-states.ts';

export type TrashActions = Pick<Queue, 'trash' | 'restore' | 'purge'>;

export function createTrash(context: QueueContext): TrashActions {
  const purging = new Set<string>();

  const readAll = (ids: readonly string[]) => [...new Set(ids)].map((id) => context.read(id));

  return {
    trash(ids) {
      const rows = readAll(ids).filter(({ trashedAtMs }) => trashedAtMs === null);
      for (const row of rows) requireTrashable(row);
      context.lab.transaction(() => {
        for (const { id } of rows) {
          context.note(id, 'trashed', 'put into the trash', { source: 'person' });
          context.change(id, { trashedAtMs: context.now() });
        }
      });
      return readAll(ids);
    },
    restore(ids) {
      const rows = readAll(ids).filter(({ trashedAtMs }) => trashedAtMs !== null);
      for (const { id, reasonCode } of rows) {
        if (reasonCode === purgeBegun || purging.has(id)) {
          throw new InputError('run-state', `run ${id} is being purged; it cannot be restored any more`);
        }
      }
      context.lab.transaction(() => {
        for (const { id } of rows) {
          context.note(id, 'restored', 'taken out of the trash', { source: 'person' });
          context.change(id, { trashedAtMs: null });
        }
      });
      return readAll(ids);
    },
    async purge(ids, onProgress = () => {}) {
      const rows = readAll(ids).filter(({ id }) => !purging.has(id));
      for (const row of rows) requirePurgeable(context, row);
      for (const { id } of rows) purging.add(id);
      const purged: string[] = [];
      let freedBytes = 0;
      try {
        for (const { id } of rows) {
          // Somebody may have protected it while the ones before it were deleted.
          if (context.read(id).protected) continue;
          freedBytes += await purgeRun(context, id);
          purged.push(id);
          onProgress(purged.length);
        }
      } finally {
        for (const { id } of rows) purging.delete(id);
      }
      return { purged, freedBytes };
    },
  };
}

/** The reason code of trashed runs whose deletion has begun. */
export const purgeBegun = 'purge-begun';

/**
 * Deletes a trashed run; returns the bytes freed. Its row goes last: what a killed host has left half done is found by it and finished at the next
 * start. Its spec goes first: what is left of the folder is then no run any more, whoever looks at it.
 */
export async function purgeRun(context: QueueContext, id: string): Promise<number> {
  const { folder, spec } = context.paths(id);
  const bytes = measureFolder(folder);
  context.change(id, { reasonCode: purgeBegun, reason: 'it is being deleted' });
  rmSync(spec, { force: true });
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  deleteSeries(context.stores.series, id);
  deleteRun(context.lab, id);
  context.changed(id);
  return bytes;
}

/** @throws InputError `run-state`, `run-protected`. */
function requireTrashable(row: RunRow): void {
  if (row.protected) throw new InputError('run-protected', `run ${row.id} is protected; it can go to the trash when it is no longer`);
  requirePossible(row, 'trash');
}

/** @throws InputError `run-state`, `run-protected`, `run-busy`. */
function requirePurgeable(context: QueueContext, row: RunRow): void {
  if (row.protected) throw new InputError('run-protected', `run ${row.id} is protected; it can be purged when it is no longer`);
  if (row.trashedAtMs === null)
    throw new InputError('run-state', `run ${row.id} is not in the trash; only what was put there can be purged`);
  requireUnlocked(context.paths(row.id).lock);
}
