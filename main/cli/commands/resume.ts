/** `resume RUN`: an unfinished run goes on, or a finished one with more episodes; `retry RUN`: one that failed, again. */
import type { Command } from 'commander';
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { runLimits } from '../../../core/contract/run-spec.ts';
import type { LabClient } from '../../host-client/connection.ts';
import { findJournalPosition } from '../../run-folder/journal-reader.ts';
import { runPaths } from '../../run-folder/run-paths.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import type { Context, SetupCommand } from '../context.ts';
import { detachOption, readCountOption } from '../options.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';
import { showRunAgain } from '../train-and-follow.ts';

interface ResumeOptions {
  readonly episodes?: string;
  readonly detach?: boolean;
}

export const setupResume: SetupCommand = (program, context) => {
  addCommand(program, 'resume', 'continue a run exactly where its last checkpoint left it')
    .option('--episodes <N>', 'train up to this many episodes; may extend a finished run')
    .action(async (argument: string, options: ResumeOptions) => {
      const episodes = readCountOption('--episodes', options.episodes, 1, runLimits.episodes);
      await queueAgain(context, argument, options, (api, run) => api.runs.resume({ run, ...(episodes === undefined ? {} : { episodes }) }));
    });
  addCommand(program, 'retry', 'try a failed or interrupted run again, from its last checkpoint').action(
    async (argument: string, options: ResumeOptions) => queueAgain(context, argument, options, (api, run) => api.runs.retry({ run })),
  );
};

function addCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<run>', runArgument)
    .option(...detachOption);
}

async function queueAgain(
  context: Context,
  argument: string,
  { detach = false }: ResumeOptions,
  ask: (api: LabClient, run: string) => Promise<RunSummary>,
): Promise<void> {
  const { api } = await context.connect();
  const { id, folder, status } = await api.runs.get({ run: toRunArgument(context, argument) });
  if (status === 'running') throw new InputError('run-busy', `run ${id} is being trained already; see it with "watch"`);
  const paths = runPaths(folder);
  await readSpecFile(paths);
  const position = findJournalPosition(paths.journal);
  await showRunAgain(context, await ask(api, id), position.sequence - 1, detach);
}
