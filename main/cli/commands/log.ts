/** `log RUN`: what its trainer printed. */
import type { SetupCommand } from '../context.ts';
import { readCountOption } from '../options.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';

const usualLines = 200;
const mostLines = 100_000;

export const setupLog: SetupCommand = (program, context) => {
  program
    .command('log')
    .description("the end of what a run's trainer printed")
    .argument('<run>', runArgument)
    .option('--lines <N>', `so many lines (default: ${usualLines})`)
    .action(async (argument: string, options: { readonly lines?: string }) => {
      const { output } = context;
      const lines = readCountOption('--lines', options.lines, 1, mostLines) ?? usualLines;
      const { api } = await context.connect();
      const text = (await api.runs.log({ run: toRunArgument(context, argument), lines })).trimEnd();
      const printed = text === '' ? [] : text.split('\n');
      if (output.json) output.value(printed);
      else if (printed.length === 0) output.line('its trainer has printed nothing; "show" says what has happened to the run');
      else for (const line of printed) output.line(line);
    });
};
