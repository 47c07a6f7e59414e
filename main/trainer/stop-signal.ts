/**
 * How a trainer learns that it should finish its iteration and leave: somebody puts a file called `stop` into its run folder.
 *
 * Not a signal: TensorFlow's products on CPUs with AVX2 keep data below the stack pointer, where a signal handler that interrupts them
 * overwrites it (measured: a few hundred signals crash the process). A signal that comes from elsewhere, as at shutdown, is still heeded.
 */
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { exitCodes } from '../../core/contract/exit-codes.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';

export interface StopSignal {
  readonly requested: boolean;
  /** By a signal alone. */
  readonly bySystem: boolean;
  /** Forgets the request, once it was followed. */
  clear(): void;
}

/** Asks the run's trainer to checkpoint and leave. */
export function requestStop({ stop }: RunPaths): void {
  writeFileSync(stop, '');
}

/** Takes away a request that was meant for an earlier trainer, which died before it could follow it. */
export function forgetOldRequest({ stop }: RunPaths): void {
  const requestedMs = statSync(stop, { throwIfNoEntry: false })?.mtimeMs;
  if (requestedMs !== undefined && requestedMs < performance.timeOrigin) rmSync(stop, { force: true });
}

export function listenForStop(paths: RunPaths): StopSignal {
  let signalled = false;
  const heed = () => {
    if (signalled) process.exit(exitCodes.interrupted);
    signalled = true;
  };
  process.on('SIGINT', heed);
  process.on('SIGTERM', heed);
  return {
    get requested() {
      return signalled || existsSync(paths.stop);
    },
    get bySystem() {
      return signalled && !existsSync(paths.stop);
    },
    clear: () => rmSync(paths.stop, { force: true }),
  };
}
