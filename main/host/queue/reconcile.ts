/** At the start: what an earlier host left is compared with what is there. */
import { existsSync, readdirSync } from 'node:fs';
import { collectHistory } from '../../run-folder/journal-history.ts';
import { createJournalTail } from '../../run-folder/journal-reader.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { listRunStates } from '../store/run-states.ts';
import { runsWithStatus, type RunRow } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import type { Trainers } from './trainers.ts';
import { purgeBegun, purgeRun } from './trash.ts';

const folderGone = 'folder-gone';

/** Follows trainers that live, and marks runs whose trainers or folders are gone. Returns what people should know of it. */
export async function reconcileRows(context: QueueContext, trainers: Trainers): Promise<string[]> {
  const notices = await finishPurges(context);
  const folders = new Set(readdirSync(runsFolder(context.dataFolder)));
  const rows = listRunStates(context.lab).filter(({ isTrashed }) => !isTrashed);
  for (const row of rows) if (row.reasonCode === folderGone && existsSync(context.paths(row.id).spec)) takeBack(context, row);
  const lost = rows.filter(({ id, reasonCode }) => !folders.has(id) && reasonCode !== folderGone);
  for (const { id } of lost) {
    context.change(id, {
      status: 'failed',
      queuePlace: null,
      intent: null,
      pid: null,
      reasonCode: folderGone,
      reason: 'its folder is gone',
    });
    context.note(id, 'failed', 'its folder is gone', { level: 'error' });
  }
  if (lost.length > 0) notices.push(`the folders of ${lost.length} runs are gone from ${runsFolder(context.dataFolder)}`);
  return [...notices, ...describeInterrupted(adoptRunning(context, trainers))];
}

export function describeInterrupted(runs: number): string[] {
  return runs === 0 ? [] : [`${runs === 1 ? 'a run' : `${runs} runs`} had lost the trainer and did not finish`];
}

/** Takes up every run that is marked as running and is not followed yet; returns how many of them had lost their trainers. */
export function adoptRunning(context: QueueContext, trainers: Trainers): number {
  let interrupted = 0;
  for (const row of runsWithStatus(context.lab, ['running'])) {
    if (trainers.live.has(row.id)) continue;
    trainers.adopt(row);
    if (!trainers.live.has(row.id) && ['interrupted', 'queued'].includes(context.read(row.id).status)) interrupted++;
  }
  return interrupted;
}

/** A folder that was away, on a disk that was not mounted for example, is there again. */
function takeBack(context: QueueContext, { id }: Pick<RunRow, 'id'>): void {
  const { journal, lock } = context.paths(id);
  context.change(id, readLockHolder(lock) === undefined ? readEnding(journal) : { status: 'running', reasonCode: null, reason: null });
  context.note(id, 'folder-back', 'its folder is there again');
}

function readEnding(journal: string): Partial<RunRow> {
  const lost = { status: 'interrupted', reasonCode: 'folder-was-gone', reason: 'its folder was gone for a while' } as const;
  try {
    const collector = collectHistory({ episodesBefore: 0 });
    createJournalTail(journal).each(collector.add);
    const { end } = collector.history();
    return end === undefined ? lost : { status: end.status, reasonCode: end.error?.code ?? null, reason: end.error?.message ?? null };
  } catch {
    // What cannot be read now may be readable for the trainer that resumes it.
    return lost;
  }
}

async function finishPurges(context: QueueContext): Promise<string[]> {
  const notices: string[] = [];
  const runs = listRunStates(context.lab).filter(({ isTrashed }) => isTrashed);
  for (const { id, reasonCode } of runs) {
    if (reasonCode !== purgeBegun) continue;
    try {
      await purgeRun(context, id);
    } catch (error) {
      notices.push(`run ${id} could not be deleted: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return notices;
}
