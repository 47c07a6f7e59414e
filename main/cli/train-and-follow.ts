/** Starts a run's trainer, shows what it does, and says how it ended. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import { exitCodes } from '../../core/contract/exit-codes.ts';
import type { JournalRecordOf } from '../../core/contract/journal-records.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { JournalPosition } from '../run-folder/journal-format.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { trainerExitCodes } from '../trainer/jobs.ts';
import { startTrainer } from '../trainer/start-trainer.ts';
import { suggestCommand, type Context } from './context.ts';
import { followRun, type RunOutcome } from './follow-run.ts';
import { formatBytes, formatCount, formatDuration, formatNumber } from './format.ts';
import { createRunView } from './run-view.ts';

/**
 * Trains until the run has ended in whatever way.
 * @param from where in the journal this session's records begin.
 * @throws InputError or FailureError when it ended otherwise than finished or stopped.
 */
export async function trainAndFollow(
  context: Context,
  paths: RunPaths,
  spec: RunSpec,
  job: { readonly episodes?: number; readonly from: JournalPosition },
): Promise<void> {
  const { output } = context;
  output.line(`run      ${paths.id}`);
  output.line(`folder   ${paths.folder}`);
  const { episodes, from } = job;
  const program = { entry: context.trainerEntry, precision: spec.precision, batch: spec.batch };
  const trainer = startTrainer({ folder: paths.folder, ...(episodes === undefined ? {} : { episodes }) }, paths, program);
  const view = createRunView(output, paths, spec);
  const outcome = await followRun(trainer, paths, from, output, (record) => view.show(record));
  conclude(context, paths, outcome);
}

function conclude(context: Context, paths: RunPaths, outcome: RunOutcome): void {
  const { end } = outcome;
  const again = suggestCommand(context, 'resume', paths.id);
  if (end?.status === 'finished') {
    showSummary(context, paths, end);
  } else if (end?.status === 'failed' && end.error !== undefined) {
    const { kind, code, message } = end.error;
    if (kind === 'input') throw new InputError(code, message);
    throw new FailureError(code, `${message}; the run can be continued with: ${again}`);
  } else if (end?.status === 'stopped' || outcome.interrupted) {
    const where = end === undefined ? 'at once' : `after iteration ${formatCount(end.iteration)}`;
    context.output.error(new FailureError('interrupted', `stopped ${where}; continue with: ${again}`));
    context.leaveWith(exitCodes.interrupted);
  } else {
    throw explainDeath(context, paths, outcome, again);
  }
}

function showSummary(context: Context, { id, folder }: RunPaths, end: JournalRecordOf<'end'>): void {
  const { output } = context;
  const { episodes, seconds, episodesPerSecond, peakRssBytes, picture, loss = 0, relativeError = 0 } = end;
  output.event({ event: 'done', run: id, folder, episodes, loss, relativeError, seconds, episodesPerSecond, peakRssBytes });
  const speed = `${formatNumber(episodesPerSecond)} episodes/s, peak memory ${formatBytes(peakRssBytes)}`;
  output.line();
  output.line(`finished ${formatCount(episodes)} episodes in ${formatDuration(seconds)} (${speed})`);
  output.line(
    `last ${Math.min(300, episodes)} training episodes: loss ${formatNumber(loss)}, relative error ${formatNumber(relativeError)}`,
  );
  if (picture !== undefined) output.line(`held-out reconstructions: ${join(folder, picture)}`);
  output.line();
  output.line(`go on      ${suggestCommand(context, 'resume', id, '--episodes', String(episodes * 2))}`);
  output.line(`evaluate   ${suggestCommand(context, 'evaluate', id)}`);
  output.line(`export     ${suggestCommand(context, 'export', id, '--to', 'FOLDER')}`);
}

function explainDeath({ output }: Context, paths: RunPaths, { exitCode, signal, iteration }: RunOutcome, again: string): Error {
  if (exitCode === trainerExitCodes.busy) return new InputError('run-busy', `run ${paths.id} is being trained by another process`);
  if (exitCode === trainerExitCodes.diskFull) {
    return new FailureError(
      'disk-full',
      `the disk that holds ${paths.folder} is full; what was saved is intact; with space, continue with: ${again}`,
    );
  }
  for (const line of readEnd(paths.log)) output.remark(`  ${line}`);
  const how = signal === null ? `with code ${exitCode}` : `by ${signal}`;
  return new FailureError(
    'trainer-died',
    `the trainer ended ${how} after iteration ${formatCount(iteration)} (log: ${paths.log}); continue with: ${again}`,
  );
}

function readEnd(log: string): string[] {
  if (!existsSync(log)) return [];
  const text = readFileSync(log, 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').slice(-10);
}
