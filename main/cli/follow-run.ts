/** Follows a run through the host until it has ended: waiting, training, paused. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { FailureError } from '../../core/contract/errors.ts';
import type { JournalRecordOf } from '../../core/contract/journal-records.ts';
import { freeBytes } from '../run-folder/disk-space.ts';
import { readLockHolder } from '../run-folder/process-lock.ts';
import { runPaths } from '../run-folder/run-paths.ts';
import { suggestCommand, type Context } from './context.ts';
import { describeWaiting } from './describe-waiting.ts';
import { formatBytes } from './format.ts';
import type { RunView } from './run-view.ts';

/** A run that begins at once should not be said to wait. */
const waitingFirstMs = 400;
const waitingEveryMs = 1000;
/** A trainer that begins takes its lock within some seconds even where everything is slow. */
const patientLooks = 15;

export interface RunOutcome {
  /** As it stood at last. */
  readonly run: RunSummary;
  /** The last session's; absent when its trainer ended without a word, or never began. */
  readonly end?: JournalRecordOf<'end'>;
  /** A trainer has begun with it while we were looking. */
  readonly begun: boolean;
}

/**
 * Shows every journal record after number `after` until the run has ended.
 * @throws FailureError `run-gone` when somebody deletes it; what `signal` was aborted with.
 */
export async function followRun(context: Context, run: RunSummary, after: number, view: RunView, signal: AbortSignal): Promise<RunOutcome> {
  const client = await context.connect();
  let latest = run;
  let end: JournalRecordOf<'end'> | undefined;
  let begun = false;
  const waiting = new AbortController();
  const tellWaiting = showWaiting(context, () => latest, waiting.signal);
  try {
    for await (const update of client.followRun(run.id, { after, signal })) {
      for (const record of update.records) {
        if (record.type === 'start') [begun, end] = [true, undefined];
        if (record.type === 'end') end = record;
        view.show(record);
      }
      if (update.run === undefined) continue;
      if (update.run.status !== latest.status) tellChange(context, update.run);
      latest = update.run;
    }
  } finally {
    waiting.abort();
    await tellWaiting;
    context.output.endLive();
  }
  signal.throwIfAborted();
  if (!hasEnded(latest)) throw new FailureError('run-gone', `run ${run.id} was deleted meanwhile`);
  return { run: latest, ...(end === undefined ? {} : { end }), begun };
}

function hasEnded({ status }: RunSummary): boolean {
  return status !== 'queued' && status !== 'running' && status !== 'paused';
}

function tellChange(context: Context, { id, status, reason }: RunSummary): void {
  if (status !== 'paused') return;
  context.output.remark(
    `paused${reason === null ? '' : ` (${reason})`}; it goes on with: ${suggestCommand(context, 'resume', id, '--detach')}`,
  );
}

/** Says on the live line what a run waits for: its turn, or for the host to write down that its trainer has gone. */
async function showWaiting(context: Context, latest: () => RunSummary, signal: AbortSignal): Promise<void> {
  const { output } = context;
  if (output.json) return;
  const { api } = await context.connect();
  let looksWithoutTrainer = 0;
  try {
    for (let waitMs = waitingFirstMs; ; waitMs = waitingEveryMs) {
      await sleep(waitMs, undefined, { signal });
      const { id, status, folder } = latest();
      const hasTrainer = status !== 'running' || readLockHolder(runPaths(folder).lock) !== undefined;
      looksWithoutTrainer = hasTrainer ? 0 : looksWithoutTrainer + 1;
      const isStuck = looksWithoutTrainer > patientLooks;
      const text = status === 'queued' ? await describeWaiting(api, id) : isStuck ? describeStuck(folder) : undefined;
      if (text !== undefined && latest().status === status && !signal.aborted) output.live(text);
    }
  } catch {
    // The run is no longer followed, or the host is away: whoever follows the run says so.
  }
}

/** A host notes within a tenth of a second that a trainer has gone, unless it cannot write: a full disk. */
function describeStuck(folder: string): string {
  return `its trainer has gone; the lab host cannot note why before it can write: ${formatBytes(freeBytes(folder))} are free in ${folder}`;
}
