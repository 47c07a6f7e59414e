/** What people say of runs: `tag`, `note`, `name`, `group`, `protect`. */
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import type { LabClient } from '../../host-client/connection.ts';
import type { Context, SetupCommand } from '../context.ts';
import { readTags, readText } from '../about-options.ts';
import { collectList } from '../options.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';

type Changes = Omit<Parameters<LabClient['runs']['update']>[0], 'run'>;

export const setupAbout: SetupCommand = (program, context) => {
  program
    .command('tag')
    .description('add tags to a run, or take them away')
    .argument('<run>', runArgument)
    .argument('[tags...]', 'words without spaces and commas')
    .option('--remove <TAG>', 'take this tag away; may be repeated', collectList, [])
    .action(async (run: string, tags: readonly string[], { remove }: { readonly remove: readonly string[] }) => {
      const added = readTags(tags.flatMap((text) => collectList(text, [])));
      await update(context, run, { addTags: added, removeTags: [...remove] }, (now) => `tags: ${now.tags.join(' ') || 'none'}`);
    });
  addTextCommand('note', 'write a note to a run, or read it');
  addTextCommand('name', 'name a run');
  addTextCommand('group', 'put a run into a group');
  program
    .command('protect')
    .description('keep a run from being deleted')
    .argument('<run>', runArgument)
    .option('--off', 'it may be deleted again')
    .action(async (run: string, { off = false }: { readonly off?: boolean }) =>
      update(context, run, { protected: !off }, (now) => (now.protected ? 'protected' : 'not protected')),
    );

  function addTextCommand(name: 'note' | 'name' | 'group', description: string): void {
    program
      .command(name)
      .description(description)
      .argument('<run>', runArgument)
      .argument('[text]', `without it, the ${name} is shown; an empty one ('') takes it away`)
      .action(async (run: string, text: string | undefined) => {
        const changes = text === undefined ? undefined : { [name]: readText(name, text) };
        await update(context, run, changes, (now) => `${name}: ${now[name] || 'none'}`);
      });
  }
};

async function update(
  context: Context,
  argument: string,
  changes: Changes | undefined,
  describe: (run: RunSummary) => string,
): Promise<void> {
  const { output } = context;
  const run = toRunArgument(context, argument);
  const { api } = await context.connect();
  const now = changes === undefined ? await api.runs.get({ run }) : await api.runs.update({ run, ...changes });
  if (output.json) output.value(now);
  else output.line(`${now.id}: ${describe(now)}`);
}
