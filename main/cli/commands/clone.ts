/** `clone RUN`: a new run like another one, but for what is changed. */
import type { SetupCommand } from '../context.ts';
import { addSpecOptions, detachOption, readSpecChanges, type SpecOptions } from '../options.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';
import { showNewRuns } from '../train-and-follow.ts';

interface CloneOptions extends SpecOptions {
  readonly detach?: boolean;
}

export const setupClone: SetupCommand = (program, context) => {
  const command = program
    .command('clone')
    .description('train a new network as in another run, but for what you change')
    .argument('<run>', runArgument);
  addSpecOptions(command)
    .option(...detachOption)
    .action(async (argument: string, options: CloneOptions) => {
      const { settings, ...fields } = readSpecChanges(options);
      const changes = Object.fromEntries(Object.entries({ ...fields, ...settings }).filter(([, value]) => value !== undefined));
      const { api } = await context.connect();
      const run = await api.runs.clone({ run: toRunArgument(context, argument), changes });
      await showNewRuns(context, [run], options.detach === true);
    });
};
