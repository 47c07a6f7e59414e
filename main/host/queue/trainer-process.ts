/** A trainer as a process: a child of this host, or one that an earlier host started. */
import { readFileSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import type { RunPaths } from '../../run-folder/run-paths.ts';
import { trainJobSchema } from '../../trainer/jobs.ts';
import { startTrainer } from '../../trainer/start-trainer.ts';
import type { Exit } from './ending.ts';

export interface TrainerProcess {
  isAlive(): boolean;
  /** How it ended; undefined for a process that is not a child of this one. */
  exit(): Exit | undefined;
  /** At once, without a checkpoint. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
}

/** @param onExit called once, when it has ended or could not be started. */
export function spawnTrainer(
  paths: RunPaths,
  { episodes, precision, batch }: RunSpec,
  entry: string,
  onExit: () => void,
): TrainerProcess & { readonly pid: number | undefined } {
  const child = startTrainer({ folder: paths.folder, episodes }, paths, { entry, precision, batch });
  let exit: Exit | undefined;
  const ended = (how: Exit) => {
    exit ??= how;
    onExit();
  };
  child.once('exit', (code, signal) => ended({ code, signal }));
  child.once('error', (error) => ended({ code: null, signal: null, error }));
  child.unref();
  return { pid: child.pid, isAlive: () => exit === undefined, exit: () => exit, kill: (signal) => child.kill(signal) };
}

/**
 * @param pid as the host that started it noted it; null where it had not come to that.
 * @param patienceMs how long a trainer that nobody has heard of may take until it has its lock.
 */
export function findTrainer(paths: RunPaths, pid: number | null, patienceMs = 10_000): TrainerProcess {
  const begunMs = performance.now();
  let seen = false;
  const isComing = () => {
    const isPatient = performance.now() - begunMs < patienceMs;
    return pid === null ? isPatient : (isTrainerOf(pid, paths) ?? isPatient);
  };
  return {
    isAlive: () => {
      if (readLockHolder(paths.lock) === undefined) return !seen && isComing();
      seen = true;
      return true;
    },
    exit: () => undefined,
    kill: (signal) => {
      const holder = readLockHolder(paths.lock);
      if (holder !== undefined && holder.host === hostname()) killQuietly(holder.pid, signal);
      else if (pid !== null && isTrainerOf(pid, paths) === true) killQuietly(pid, signal);
    },
  };
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone meanwhile.
  }
}

/** Whether process `pid` is a trainer of this run; undefined where only its existence is known. */
function isTrainerOf(pid: number, { folder }: RunPaths): boolean | undefined {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return undefined;
  try {
    const job = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .find((argument) => argument.startsWith('{'));
    // Of this lab: a copy of it has runs of the same ids. By whatever links the host that started it came there.
    const { data } = trainJobSchema.safeParse(JSON.parse(job ?? 'null'));
    return data !== undefined && realpathSync(data.folder) === realpathSync(folder);
  } catch {
    return false;
  }
}
