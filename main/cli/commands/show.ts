/** `show RUN`: everything that is known of a run, on one page. */
import type { SetupCommand } from '../context.ts';
import { describeRun } from '../describe-run.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';

export const setupShow: SetupCommand = (program, context) => {
  program
    .command('show')
    .description('all that is known of a run')
    .argument('[run]', runArgument, 'last')
    .action(async (argument: string) => {
      const { output } = context;
      const { api } = await context.connect();
      const run = await api.runs.get({ run: toRunArgument(context, argument) });
      if (output.json) output.value(run);
      else for (const line of describeRun(run, output.columns)) output.line(line);
    });
};
