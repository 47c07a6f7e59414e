/** Run folders that are not in the database: of an earlier version, copied in, or made by a host that was killed before it could note them. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { rebuildLab } from '../follow/rebuild.ts';
import { listRunStates } from '../store/run-states.ts';
import type { QueueContext } from './context.ts';
import type { Slots } from './slots.ts';

/** Takes them in, if there are any; returns what people should know of it. */
export async function takeInFolders(context: QueueContext, { slotOf }: Slots, signal: AbortSignal): Promise<string[]> {
  if (!context.stores.needsRebuild && !hasUnknownFolders(context)) return [];
  try {
    const { added, skipped } = await rebuildLab(context.stores, runsFolder(context.dataFolder), { slotOf, signal });
    for (const id of added) context.changed(id);
    const taken =
      added.length === 0
        ? []
        : [`${count(added.length, 'run folder')} that the database did not know ${added.length === 1 ? 'was' : 'were'} taken in`];
    return [...taken, ...skipped.map(({ id, reason }) => `the run folder ${id} cannot be taken in: ${reason}`)];
  } catch (error) {
    return [`not all run folders could be taken in: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** `work`'s result if it comes soon; else a word that it goes on, and the result goes to the log. */
export async function withinTime(work: Promise<readonly string[]>, log: (line: string) => void): Promise<readonly string[]> {
  const soonMs = 3000;
  const soon = await Promise.race([work, sleep(soonMs, undefined, { ref: false })]);
  if (soon !== undefined) return soon;
  void work.then((notices) => notices.forEach(log));
  return ['run folders that the database did not know are being taken in; runs are started when that is done'];
}

function hasUnknownFolders({ lab, dataFolder }: QueueContext): boolean {
  const runs = runsFolder(dataFolder);
  const known = new Set(listRunStates(lab).map(({ id }) => id));
  return readdirSync(runs).some((id) => !known.has(id) && existsSync(join(runs, id, 'spec.json')));
}

function count(number: number, what: string): string {
  return number === 1 ? `a ${what}` : `${number} ${what}s`;
}
