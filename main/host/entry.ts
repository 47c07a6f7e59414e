/** Where a host process begins. */
import { closeSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { toExpectedError } from '../../core/contract/api/expected-error.ts';
import { EngramError } from '../../core/contract/errors.ts';
import { hostFiles, prepareLabFolder } from '../host-client/host-files.ts';
import { hostExitCodes } from '../host-client/protocol.ts';
import type { HostReport } from '../host-client/start-host.ts';
import { closeInherited } from './close-inherited.ts';
import { createHost } from './host.ts';
import { createHostLog, type HostLog } from './host-log.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    trainer: { type: 'string' },
    'set-up': { type: 'string' },
    report: { type: 'string', default: '1' },
    'idle-ms': { type: 'string', default: '10000' },
    'check-outputs': { type: 'boolean', default: false },
  },
});
const { data: dataFolder, trainer: trainerEntry } = values;
if (dataFolder === undefined || trainerEntry === undefined) throw new Error('a host needs --data FOLDER and --trainer FILE');

const flushAfterMs = 1000;

closeInherited([Number(values.report)]);
// Nobody else on this machine is to read what the host writes.
process.umask(0o077);
process.exit(await main(dataFolder, trainerEntry));

async function main(dataFolder: string, trainerEntry: string): Promise<number> {
  try {
    prepareLabFolder(dataFolder);
    const log = createHostLog(hostFiles(dataFolder).log);
    leaveAtAccidents(log);
    const idleMs = Number(values['idle-ms']);
    const setUp = values['set-up'] === undefined ? {} : { setUpScript: values['set-up'] };
    const host = await createHost({ dataFolder, trainerEntry, ...setUp, idleMs, checkOutputs: values['check-outputs'], log });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void host.leave(signal));
    report({ ready: true });
    // Otherwise it is written at an orderly end only, and who takes the place of a killed host starts twice as slowly.
    setTimeout(flushCompileCache, flushAfterMs).unref();
    await host.left;
    return 0;
  } catch (error) {
    if (!(error instanceof EngramError)) throw error;
    report({ error: toExpectedError(error) });
    return error.code === 'host-running' ? hostExitCodes.alreadyRunning : hostExitCodes.failed;
  }
}

/** To whoever started it. */
function report(report: HostReport): void {
  const descriptor = Number(values.report);
  try {
    writeSync(descriptor, `${JSON.stringify(report)}\n`);
    // Who reads it waits for its end.
    if (descriptor > 2) closeSync(descriptor);
  } catch {
    // Nobody waits for it any more.
  }
}

/** After an error that nobody foresaw, a new process is safer than this one: clients start one and go on, and trainers do not notice. */
function leaveAtAccidents(log: HostLog): void {
  process.on('uncaughtException', (error, origin) => {
    log.error(origin, error);
    process.exit(hostExitCodes.failed);
  });
}
