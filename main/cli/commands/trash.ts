/** `rm`, `restore` and `purge`: the trash comes before the end. */
import { InputError } from '../../../core/contract/errors.ts';
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import { suggestCommand, type Context, type SetupCommand } from '../context.ts';
import { formatBytes, formatPlural } from '../format.ts';
import { runArgument, toRunArguments } from '../run-argument.ts';

interface PurgeOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
}

export const setupTrash: SetupCommand = (program, context) => {
  const { output } = context;
  program
    .command('rm')
    .description('put runs into the trash')
    .argument('<run...>', runArgument)
    .action(async (args: readonly string[]) => {
      const { api } = await context.connect();
      const runs = await api.runs.trash({ runs: toRunArguments(context, args) });
      tell(context, runs, 'in the trash');
      const ids = runs.map(({ id }) => id);
      output.line(`get back       ${suggestCommand(context, 'restore', ...ids)}`);
      output.line(`delete         ${suggestCommand(context, 'purge', ...ids)}`);
    });
  program
    .command('restore')
    .description('take runs out of the trash')
    .argument('<run...>', runArgument)
    .action(async (args: readonly string[]) => {
      const { api } = await context.connect();
      for (const run of toRunArguments(context, args)) {
        const { id, trashedAtMs } = await api.runs.get({ run });
        if (trashedAtMs === null) throw new InputError('run-state', `run ${id} is not in the trash`);
      }
      tell(context, await api.runs.restore({ runs: toRunArguments(context, args) }), 'back');
    });
  program
    .command('purge')
    .description('delete runs that are in the trash for good')
    .argument('[run...]', 'ids of runs in the trash, or their beginnings')
    .option('--all', 'everything in the trash; needs --yes')
    .option('--yes', 'yes, delete it all')
    .action(async (args: readonly string[], options: PurgeOptions) => {
      const { api } = await context.connect();
      const runs = args.length > 0 ? toRunArguments(context, args) : await chooseAll(context, options);
      const result = runs.length === 0 ? { purged: [], freedBytes: 0 } : await api.runs.purge({ runs });
      if (output.json) {
        output.value(result);
        return;
      }
      output.line(`deleted ${formatPlural(result.purged.length, 'run')}, ${formatBytes(result.freedBytes)} freed`);
    });
};

async function chooseAll(context: Context, { all = false, yes = false }: PurgeOptions): Promise<string[]> {
  const { api } = await context.connect();
  const { runs, total } = await api.runs.list({ trashed: true });
  if (all && yes) return runs.map(({ id }) => id);
  if (total === 0) throw new InputError('trash-empty', 'the trash is empty: "rm" puts runs into it, and "purge" deletes those for good');
  const bytes = runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const what = `${formatPlural(total, 'run')} (${formatBytes(bytes)})`;
  throw new InputError('confirmation-missing', `the trash holds ${what}; name those to delete for good, or all of them with --all --yes`);
}

function tell({ output }: Context, runs: readonly RunSummary[], where: string): void {
  if (output.json) {
    output.value(runs);
    return;
  }
  for (const { id } of runs) output.line(`${id} is ${where}`);
}
