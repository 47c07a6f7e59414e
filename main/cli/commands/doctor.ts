/** `doctor`: which backends work here, on which device and how fast. */
import type { BackendReport } from '../../../core/contract/backend-report.ts';
import { askTrainer } from '../../trainer/start-trainer.ts';
import type { SetupCommand } from '../context.ts';
import { formatTable } from '../format.ts';

export const setupDoctor: SetupCommand = (program, { output, trainerEntry }) => {
  program
    .command('doctor')
    .description('say for each backend whether it works, on which device and how fast')
    .action(async () => {
      const { backends = [] } = await askTrainer({ job: 'doctor' }, { entry: trainerEntry, precision: 'float32' });
      if (output.json) {
        output.value(backends);
        return;
      }
      for (const line of formatTable([['backend', 'works', 'matrix product', 'device'], ...backends.map(describe)])) output.line(line);
      for (const { name, reason, advice } of backends) {
        if (reason !== undefined) output.line(`\n${name}: ${[reason, advice].filter(Boolean).join('\n  ')}`);
      }
    });
};

function describe({ name, works, gigaflops, devices }: BackendReport): string[] {
  const speed = gigaflops === undefined ? '–' : `${Math.round(gigaflops)} GFLOP/s`;
  const described = devices.map((device) => (device.name === device.description ? device.name : `${device.name}: ${device.description}`));
  return [name, works ? 'yes' : 'no', speed, described.join('; ')];
}
