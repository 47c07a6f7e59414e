/** `extensions`: what the user has added in files of their own; `extensions new KIND NAME`: a file to begin with. */
import { InputError } from '../../../core/contract/errors.ts';
import { extensionKinds, type ExtensionFile } from '../../../core/contract/extension.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import { extensionsFolder } from '../../extensions/extension-files.ts';
import { writeTemplate } from '../../extensions/write-template.ts';
import { dataFolder, suggestCommand, type SetupCommand } from '../context.ts';
import { readExtensionFiles } from '../find-extensions.ts';
import { layOutTable, type Column } from '../table.ts';

export const setupExtensions: SetupCommand = (program, context) => {
  const { output } = context;
  const command = program.command('extensions').description('tasks, rules and networks of your own, a file each: list, new');
  command
    .command('list', { isDefault: true })
    .description('list them, with what is wrong with those that cannot be used')
    .action(async () => {
      const folder = extensionsFolder(dataFolder(context));
      const files = await readExtensionFiles(context);
      if (output.json) {
        output.value({ folder, files });
        return;
      }
      output.line(`folder   ${folder}`);
      if (files.length === 0)
        output.line(`There are none yet; "${suggestCommand(context, 'extensions', 'new', 'task', 'NAME')}" makes one.`);
      else for (const line of layOutTable(files, columns, output.columns)) output.line(line);
      for (const { problem } of files) if (problem !== null) output.remark(problem);
    });
  command
    .command('new')
    .description('write a file that works as it is, to be changed')
    .argument('<kind>', extensionKinds.join(', '))
    .argument('<name>', 'what to call it: small letters, digits and dashes')
    .action((given: string, name: string) => {
      const kind = extensionKinds.find((known) => known === given);
      if (kind === undefined)
        throw new InputError('unknown-kind', `there is no kind "${given}" of extension: ${suggestName(given, extensionKinds)}`);
      const path = writeTemplate(extensionsFolder(dataFolder(context)), kind, name);
      const use = {
        task: [name],
        network: ['binary', '--preset', 'small', '--variant', name],
        rule: ['binary', '--preset', 'small', '--set', `rule=${name}`],
      }[kind];
      if (output.json) output.value({ file: path });
      output.line(`wrote    ${path}`);
      output.line(`next     change it (docs/extending.md), then: ${suggestCommand(context, 'train', ...use)}`);
    });
};

const columns: readonly Column<ExtensionFile>[] = [
  { heading: 'name', cell: ({ file }) => file.replace(/\.[^.]+$/, '') },
  { heading: 'kind', cell: ({ extension }) => extension?.kind ?? 'broken' },
  { heading: 'title', cell: ({ extension }) => extension?.title ?? '', minimum: 10 },
  { heading: 'SHA-256', cell: ({ sha256 }) => sha256.slice(0, 12) },
  { heading: 'file', cell: ({ file }) => file, minimum: 8 },
];
