/** `queue`: what waits and what trains; `queue move RUN`: another order. */
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import type { Context, SetupCommand } from '../context.ts';
import { queueColumns } from '../run-columns.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';
import { layOutTable } from '../table.ts';

export const setupQueue: SetupCommand = (program, context) => {
  const command = program
    .command('queue')
    .description('list what trains and what waits, in this order')
    .action(async () => {
      const { api } = await context.connect();
      const { runs } = await api.runs.list({ status: ['running'] });
      show(context, [...runs, ...(await api.queue.list())]);
      const { held } = await api.host.status();
      if (held !== null) context.output.remark(held);
    });
  command
    .command('move')
    .description('put a waiting run in front of another one, or at the end')
    .argument('<run>', runArgument)
    .option('--before <RUN>', 'the run that is to come after it')
    .action(async (run: string, { before }: { readonly before?: string }) => {
      const { api } = await context.connect();
      const place = before === undefined ? null : toRunArgument(context, before);
      show(context, await api.queue.move({ run: toRunArgument(context, run), before: place }));
    });
};

function show({ output }: Context, runs: readonly RunSummary[]): void {
  if (output.json) {
    output.value(runs);
    return;
  }
  if (runs.length === 0) {
    output.line('nothing trains, and nothing waits');
    return;
  }
  for (const line of layOutTable(runs, queueColumns(runs), output.columns)) output.line(line);
}
