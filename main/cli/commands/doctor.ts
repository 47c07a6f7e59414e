/** `doctor`: which backends work here, on which device and how fast. */
import type { BackendReport } from '../../../core/contract/backend-report.ts';
import { EngramError } from '../../../core/contract/errors.ts';
import { backendChoices, type BackendName } from '../../../core/contract/run-spec.ts';
import { askTrainer } from '../../trainer/start-trainer.ts';
import type { Context, SetupCommand } from '../context.ts';
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
        const report = await diagnose(context, name);
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

/** Each backend in a process of its own: a native library that crashes is a finding, not the end of the examination. */
async function diagnose({ program: { trainerEntry } }: Context, name: BackendName): Promise<BackendReport> {
  try {
    const { backend } = await askTrainer({ job: 'doctor', backend: name }, { entry: trainerEntry, precision: 'float32' });
    return backend ?? { name, works: false, devices: [], reason: 'there was no answer' };
  } catch (error) {
    if (!(error instanceof EngramError)) throw error;
    return { name, works: false, devices: [], reason: error.message };
  }
}

function describe({ name, works, gigaflops, devices }: BackendReport): string[] {
  const speed = gigaflops === undefined ? '–' : `${gigaflops < 10 ? gigaflops.toFixed(1) : Math.round(gigaflops)} GFLOP/s`;
  const described = devices.map((device) => (device.name === device.description ? device.name : `${device.name}: ${device.description}`));
  return [name, works ? 'yes' : 'no', speed, described.join('; ')];
}
