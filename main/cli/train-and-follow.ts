/** Shows runs that this command has queued, passes Ctrl-C on, and says how they ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import { exitCodeFor, exitCodes } from '../../core/contract/exit-codes.ts';
import { createRetry } from '../host-client/retry.ts';
import { readLockHolder } from '../run-folder/process-lock.ts';
import { runPaths } from '../run-folder/run-paths.ts';
import { requestStop } from '../trainer/stop-signal.ts';
import { concludeRun } from './conclude-run.ts';
import { suggestCommand, type Context } from './context.ts';
import { describeWaiting } from './describe-waiting.ts';
import { followRun, type RunOutcome } from './follow-run.ts';
import { createInterruptedError, isInterrupted, listenForInterrupts } from './interrupts.ts';
import { createRunView } from './run-view.ts';

/**
 * New runs: says that they are queued, or shows each in turn until it has ended.
 * @throws FailureError `interrupted` for the first that Ctrl-C has stopped; InputError or FailureError when the last one ended otherwise than
 * finished; what the others met is told and remembered as exit code.
 */
export async function showNewRuns(context: Context, runs: readonly RunSummary[], detach: boolean): Promise<void> {
  const ours = new AbortController();
  const onInterrupt = () => ours.abort();
  for (const [index, run] of runs.entries()) {
    try {
      if (detach) await announce(context, run);
      else await trainAndFollow(context, run, { after: 0, isNew: true, others: runs.slice(index + 1), onInterrupt });
    } catch (error) {
      const isStopped = isInterrupted(error);
      // Where somebody else has stopped it, those behind it go on.
      if ((isStopped && ours.signal.aborted) || index === runs.length - 1) throw error;
      context.output.error(error);
      context.leaveWith(isStopped ? exitCodes.interrupted : exitCodeFor(error));
    }
  }
}

/**
 * A run that has been queued again, whose journal's record `after` was its last.
 * @throws as `trainAndFollow`.
 */
export async function showRunAgain(context: Context, run: RunSummary, after: number, detach: boolean): Promise<void> {
  if (detach) await announce(context, run);
  else await trainAndFollow(context, run, { after, isNew: false, others: [], onInterrupt: () => {} });
}

interface FollowOptions {
  /** The number of the journal's last record that is known. */
  readonly after: number;
  readonly isNew: boolean;
  /** What this command has queued behind it: Ctrl-C means them as well. */
  readonly others: readonly RunSummary[];
  readonly onInterrupt: () => void;
}

/** @throws InputError or FailureError when it ended otherwise than finished. */
async function trainAndFollow(context: Context, run: RunSummary, options: FollowOptions): Promise<void> {
  const outcome = await followToTheEnd(context, run, options);
  try {
    await concludeRun(context, outcome);
  } catch (error) {
    if (options.isNew && error instanceof InputError && !outcome.begun) await removeUnbegun(context, run);
    throw error;
  }
}

async function followToTheEnd(context: Context, run: RunSummary, { after, others, onInterrupt }: FollowOptions): Promise<RunOutcome> {
  const { output } = context;
  output.line(`run      ${run.id}`);
  output.line(`folder   ${run.folder}`);
  const leave = new AbortController();
  const interrupts = listenForInterrupts(output, (count) => {
    onInterrupt();
    void passOn(context, [run, ...others], count, leave);
  });
  try {
    const outcome = await followRun(context, run, after, createRunView(output, run), leave.signal);
    await waitForTrainer(run);
    return outcome;
  } catch (error) {
    throw leave.signal.aborted ? createInterruptedError(`left run ${run.id} without waiting for its end`) : error;
  } finally {
    interrupts.stop();
  }
}

/** The first Ctrl-C asks the runs to checkpoint and stop, a second one ends them at once, a third one waits for nothing any more. */
async function passOn(context: Context, runs: readonly RunSummary[], count: number, leave: AbortController): Promise<void> {
  if (count > 2) {
    leave.abort();
    return;
  }
  if (count === 1) context.output.remark('stopping after this iteration and saving a checkpoint; Ctrl-C again ends it at once');
  // The last one first: none is to begin because the one before it has stopped.
  for (const run of runs.toReversed()) await stopRun(context, run, count > 1);
}

async function stopRun(context: Context, { id, folder }: RunSummary, now: boolean): Promise<void> {
  try {
    const { api } = await context.connect();
    await api.runs.stop({ run: id, now });
  } catch (error) {
    // Where the host is away, the trainer heeds its own sign; any other refusal means that the run has ended by itself.
    if (error instanceof FailureError) requestStop(runPaths(folder));
  }
}

const trainerPatienceMs = 10_000;

/** Its last record is written before its process has gone, and with it what it holds of memory and graphics card. */
async function waitForTrainer({ folder }: RunSummary): Promise<void> {
  const { lock } = runPaths(folder);
  const giveUpAt = performance.now() + trainerPatienceMs;
  while (readLockHolder(lock) !== undefined && performance.now() < giveUpAt) await sleep(20);
}

/** A run that never began, because of something that the user can mend in the call, would only be in the way. */
async function removeUnbegun(context: Context, { id }: RunSummary): Promise<void> {
  const { api } = await context.connect();
  await api.runs.trash({ runs: [id] });
  const retry = createRetry(trainerPatienceMs);
  for (;;) {
    try {
      await api.runs.purge({ runs: [id] });
      return;
    } catch (error) {
      // Its trainer may be there for a moment still.
      const isBusy = error instanceof InputError && error.code === 'run-busy';
      if (!isBusy || !(await retry.wait())) throw error;
    }
  }
}

async function announce(context: Context, { id, folder }: RunSummary): Promise<void> {
  const { output } = context;
  output.event({ event: 'queued', run: id });
  if (output.json) return;
  const { api } = await context.connect();
  output.line(`run      ${id}`);
  output.line(`folder   ${folder}`);
  output.line(`state    ${(await describeWaiting(api, id)) ?? 'it has begun'}`);
  output.line(`watch    ${suggestCommand(context, 'watch', id)}`);
}
