/** At the start: what an earlier host left is compared with what is there. */
import { readdirSync } from 'node:fs';
import { readHistory } from '../../run-folder/journal-history.ts';
import { readJournal } from '../../run-folder/journal-reader.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { runStatuses } from '../../../core/contract/run-status.ts';
import { listRuns, runsWithStatus, type RunRow } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import type { Trainers } from './trainers.ts';
import { purgeBegun, purgeRun } from './trash.ts';

const folderGone = 'folder-gone';

/** Follows trainers that live, and marks runs whose trainers or folders are gone. Returns what people should know of it. */
export async function reconcileRows(context: QueueContext, trainers: Trainers): Promise<string[]> {
  const notices: string[] = [];
  await finishPurges(context);
  const folders = new Set(readdirSync(runsFolder(context.dataFolder)));
  const rows = runsWithStatus(context.lab, runStatuses);
  for (const row of rows) if (folders.has(row.id) && row.reasonCode === folderGone) takeBack(context, row);
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
function takeBack(context: QueueContext, { id }: RunRow): void {
  const { end } = readHistory(readJournal(context.paths(id).journal).records);
  const { code, message } = end?.error ?? {};
  context.change(id, { status: end?.status ?? 'interrupted', reasonCode: code ?? null, reason: message ?? null });
  context.note(id, 'folder-back', 'its folder is there again');
}

async function finishPurges(context: QueueContext): Promise<void> {
  const { runs } = listRuns(context.lab, { trashed: true });
  for (const { id, reasonCode } of runs) if (reasonCode === purgeBegun) await purgeRun(context, id);
}
