/** `bench`: hands over to the program under `bench/`, which reads its options itself. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FailureError } from '../../../core/contract/errors.ts';
import type { SetupCommand } from '../context.ts';

const entry = fileURLToPath(new URL('../../../bench/run.ts', import.meta.url));

export const setupBench: SetupCommand = (program, { output, leaveWith }) => {
  program
    .command('bench')
    .description('measure the engine, the lab or the window; "bench --help" lists what')
    .argument('[arguments...]', 'passed on')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (passed: readonly string[]) => {
      if (!existsSync(entry)) throw new FailureError('bench-missing', `the bench is not part of this installation: ${entry} is missing`);
      const args = [entry, ...passed, ...(output.json ? ['--json'] : [])];
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      const code = await new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (exitCode) => resolve(exitCode ?? 1));
      });
      leaveWith(code);
    });
};
