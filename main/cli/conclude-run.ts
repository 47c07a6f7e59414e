/** How a run ended, for people and as an error. */
import { join } from 'node:path';
import { toEngramError } from '../../core/contract/api/expected-error.ts';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import type { JournalRecordOf } from '../../core/contract/journal-records.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { runPaths } from '../run-folder/run-paths.ts';
import { suggestCommand, type Context } from './context.ts';
import { describeResult } from './describe-score.ts';
import type { RunOutcome } from './follow-run.ts';
import { formatBytes, formatCount, formatDuration, formatNumber } from './format.ts';
import { createInterruptedError } from './interrupts.ts';

/**
 * Shows the summary of a finished run.
 * @throws FailureError `interrupted` for a stopped one; the error of a failed one; FailureError `trainer-died` or `disk-full` for an interrupted one.
 */
export async function concludeRun(context: Context, { run, end }: RunOutcome): Promise<void> {
  const again = suggestCommand(context, 'resume', run.id);
  switch (run.status) {
    case 'finished':
      if (end !== undefined) showSummary(context, run, end);
      return;
    case 'failed':
      throw explainFailure(run, end, again);
    case 'stopped':
      showVerdict(context, end);
      throw createInterruptedError(`stopped ${describeStop(run, end)}; continue with: ${again}`);
    case 'queued':
    case 'running':
    case 'paused':
    case 'interrupted':
      throw await explainDeath(context, run, again);
  }
}

function showSummary(context: Context, { id, folder, spec }: RunSummary, end: JournalRecordOf<'end'>): void {
  const { output } = context;
  const { episodes, seconds, episodesPerSecond, peakRssBytes, picture, verdict, loss = 0, score = 0 } = end;
  const scoreName = experimentOf(spec).score.name;
  output.event({
    event: 'done',
    run: id,
    folder,
    episodes,
    loss,
    [scoreName]: score,
    seconds,
    episodesPerSecond,
    peakRssBytes,
    ...(verdict === undefined ? {} : { verdict: verdict.kind }),
  });
  const speed = `${formatNumber(episodesPerSecond)} episodes/s, peak memory ${formatBytes(peakRssBytes)}`;
  output.line();
  output.line(`finished ${formatCount(episodes)} episodes in ${formatDuration(seconds)} (${speed})`);
  output.line(`last ${Math.min(300, episodes)} training episodes: ${describeResult(spec, { loss, score })}`);
  showVerdict(context, end);
  if (picture !== undefined) output.line(`held-out episodes: ${join(folder, picture)}`);
  output.line();
  output.line(`go on      ${suggestCommand(context, 'resume', id, '--episodes', String(episodes * 2))}`);
  output.line(`evaluate   ${suggestCommand(context, 'evaluate', id)}`);
  output.line(`export     ${suggestCommand(context, 'export', id, '--to', 'FOLDER')}`);
}

function showVerdict({ output }: Context, end: JournalRecordOf<'end'> | undefined): void {
  const { verdict } = end ?? {};
  if (verdict !== undefined && verdict.kind !== 'no-reference') output.line(`reference: ${verdict.text}`);
}

function explainFailure({ reasonCode, reason }: RunSummary, end: JournalRecordOf<'end'> | undefined, again: string): Error {
  // The host refuses some runs before their trainer is started, and leaves no record in their journal then.
  const { kind, code, message } = end?.error ?? {
    kind: reasonCode === 'dataset-missing' ? 'input' : 'failure',
    code: reasonCode ?? 'run-failed',
    message: reason ?? 'the run failed',
  };
  return kind === 'input'
    ? new InputError(code, message)
    : toEngramError({ kind, code, message: `${message}; the run can be continued with: ${again}` });
}

function describeStop({ startedAtMs }: RunSummary, end: JournalRecordOf<'end'> | undefined): string {
  if (startedAtMs === null) return 'before it began';
  return end === undefined ? 'at once' : `after iteration ${formatCount(end.iteration)}`;
}

async function explainDeath(context: Context, run: RunSummary, again: string): Promise<FailureError> {
  const { id, folder, iteration, reasonCode, reason } = run;
  const { log } = runPaths(folder);
  if (reasonCode === 'disk-full') {
    return new FailureError(
      'disk-full',
      `the disk that holds ${folder} is full; what was saved is intact; with space, continue with: ${again}`,
    );
  }
  const { api } = await context.connect();
  for (const line of (await api.runs.log({ run: id, lines: 10 })).split('\n')) if (line !== '') context.output.remark(`  ${line}`);
  const where = `after iteration ${formatCount(iteration)}`;
  return new FailureError(
    'trainer-died',
    `run ${id} was interrupted ${where}: ${reason ?? 'its trainer is gone'} (log: ${log}); continue with: ${again}`,
  );
}
