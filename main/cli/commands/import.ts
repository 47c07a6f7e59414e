/** `import FILE`: takes in a run from an archive. */
import { suggestCommand, type SetupCommand } from '../context.ts';
import { resolveUserPath } from '../options.ts';
import { waitForJob } from '../wait-for-job.ts';

export const setupImport: SetupCommand = (program, context) => {
  program
    .command('import')
    .description('take in a run from an archive that "export --archive" wrote')
    .argument('<file>', 'the archive')
    .action(async (file: string) => {
      const { output } = context;
      const { api } = await context.connect();
      const { job } = await api.transfer.importRun({ path: resolveUserPath(file) });
      const [run = ''] = await waitForJob(context, job);
      output.event({ event: 'imported', run });
      output.line(`run ${run}`);
      output.line(`show   ${suggestCommand(context, 'show', run)}`);
    });
};
