/** `rebuild` and `backup`: care for the lab's databases. */
import type { SetupCommand } from '../context.ts';
import { formatBytes } from '../format.ts';
import { waitForJob } from '../wait-for-job.ts';

export const setupCare: SetupCommand = (program, context) => {
  const { output } = context;
  program
    .command('backup')
    .description('copy the small database now; hosts also do it once a day')
    .action(async () => {
      const { api } = await context.connect();
      const backup = await api.host.backup();
      if (output.json) output.value(backup);
      else output.line(`${backup.file} (${formatBytes(backup.bytes)})`);
    });
  program
    .command('rebuild')
    .description('make both databases anew from the run folders')
    .action(async () => {
      const { api } = await context.connect();
      const { job } = await api.host.rebuild();
      const putAside = await waitForJob(context, job);
      output.event({ event: 'rebuilt', putAside });
      output.line('rebuilt from the run folders; the databases as they were before:');
      for (const file of putAside) output.line(file);
    });
};
