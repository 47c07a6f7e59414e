/** `watch RUN`: shows a run live, and only looks: Ctrl-C leaves the run alone. */
import type { RunDetails } from '../../../core/contract/api/runs.ts';
import { findJournalPosition } from '../../run-folder/journal-reader.ts';
import { runPaths } from '../../run-folder/run-paths.ts';
import { concludeRun } from '../conclude-run.ts';
import type { Context, SetupCommand } from '../context.ts';
import { followRun } from '../follow-run.ts';
import { createInterruptedError, listenForInterrupts } from '../interrupts.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';
import { createRunView, describeStart } from '../run-view.ts';

/** For people, a long history would only scroll by: as many records as the means on the live line are made from. */
const shownRecords = 300;

export const setupWatch: SetupCommand = (program, context) => {
  program
    .command('watch')
    .description('show a run live until it ends; Ctrl-C leaves the run alone')
    .argument('[run]', runArgument, 'last')
    .action(async (argument: string) => {
      const { api } = await context.connect();
      await watch(context, await api.runs.get({ run: toRunArgument(context, argument) }));
    });
};

async function watch(context: Context, run: RunDetails): Promise<void> {
  const { output } = context;
  const after = output.json ? 0 : findRecent(run);
  output.line(`run      ${run.id}`);
  output.line(`folder   ${run.folder}`);
  if (after > 0) for (const line of describeBeginning(run)) output.line(line);
  const leave = new AbortController();
  const interrupts = listenForInterrupts(output, () => leave.abort());
  try {
    await concludeRun(context, await followRun(context, run, after, createRunView(output, run), leave.signal));
  } catch (error) {
    if (!leave.signal.aborted) throw error;
    throw createInterruptedError(`left run ${run.id} alone: it goes on`);
  } finally {
    interrupts.stop();
  }
}

function findRecent({ folder }: RunDetails): number {
  const position = findJournalPosition(runPaths(folder).journal);
  return Math.max(0, position.sequence - 1 - shownRecords);
}

function describeBeginning({ backend, device, dataset, spec }: RunDetails): string[] {
  return backend === null || device === null || dataset === null ? [] : describeStart({ backend, device, dataset }, spec);
}
