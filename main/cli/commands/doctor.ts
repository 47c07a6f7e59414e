/** `doctor`: which backends work here, on which device and how fast. */
import type { BackendReport } from '../../../core/contract/backend-report.ts';
import { backendChoices } from '../../../core/contract/run-spec.ts';
import { examineBackend } from '../../trainer/examine-backend.ts';
import type { SetupCommand } from '../context.ts';
import { formatTable } from '../format.ts';

export const setupDoctor: SetupCommand = (program, context) => {
  const { output } = context;
  program
    .command('doctor')
    .description('say for each backend whether it works, on which device and how fast')
    .action(async () => {
      const reports: BackendReport[] = [];
      for (const name of backendChoices) {
        if (name === 'auto') continue;
        output.live(`trying ${name}…`);
        const report = await examineBackend(name, context.program.trainerEntry);
        if (output.json) output.value(report);
        reports.push(report);
      }
      output.endLive();
      const rows = [['backend', 'works', 'matrix product', 'device'], ...reports.map(describe)];
      for (const line of formatTable(rows)) output.line(line);
      for (const { name, reason, advice } of reports) {
        if (reason !== undefined) output.line(`\n${name}: ${[reason, advice].filter(Boolean).join('\n  ')}`);
      }
    });
};

function describe({ name, works, gigaflops, devices }: BackendReport): string[] {
  const speed = gigaflops === undefined ? '–' : `${gigaflops < 10 ? gigaflops.toFixed(1) : Math.round(gigaflops)} GFLOP/s`;
  const described = devices.map((device) => (device.name === device.description ? device.name : `${device.name}: ${device.description}`));
  return [name, works ? 'yes' : 'no', speed, described.join('; ')];
}
