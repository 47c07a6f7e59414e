/** Why a trainer that ended without a word did so. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import type { RunPaths } from '../../run-folder/run-paths.ts';
import { trainerExitCodes } from '../../trainer/jobs.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The system could not start it. */
  readonly error?: Error;
}

export interface Reason {
  readonly reasonCode: 'trainer-killed' | 'trainer-died' | 'trainer-vanished' | 'disk-full' | 'reboot' | 'trainer-not-started';
  readonly reason: string;
}

/** @param exit how it ended; undefined when it was not a child of this process. */
export function explainEnding(paths: RunPaths, exit: Exit | undefined): Reason {
  if (exit === undefined) return explainVanishing(paths);
  const { code, signal, error } = exit;
  if (error !== undefined) return { reasonCode: 'trainer-not-started', reason: `its trainer could not be started: ${error.message}` };
  if (signal === 'SIGKILL') {
    return { reasonCode: 'trainer-killed', reason: 'its trainer was killed (SIGKILL): by hand, or by the system when memory ran out' };
  }
  if (code === trainerExitCodes.diskFull) {
    return { reasonCode: 'disk-full', reason: 'the disk is full; what was saved is intact' };
  }
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  const last = readLastLine(paths.log);
  return { reasonCode: 'trainer-died', reason: `its trainer ended ${how}${last === undefined ? '' : `: ${last}`}` };
}

function explainVanishing({ journal, spec }: RunPaths): Reason {
  const bootedAtMs = Date.now() - uptime() * 1000;
  const lastSignMs = (statSync(journal, { throwIfNoEntry: false }) ?? statSync(spec, { throwIfNoEntry: false }))?.mtimeMs;
  return lastSignMs !== undefined && lastSignMs < bootedAtMs
    ? { reasonCode: 'reboot', reason: 'the computer was restarted' }
    : { reasonCode: 'trainer-vanished', reason: 'its trainer process vanished' };
}

const tailBytes = 4096;
const longestLine = 300;
/** Lines of a Node stack trace that say nothing by themselves. */
const noise = /^\s*$|^\s+at |^Node\.js v|^[\s^}\])]*$/;

/** The last line of a log that says something. */
function readLastLine(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(tailBytes, size));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString('utf8').split('\n');
    return lines
      .findLast((line) => !noise.test(line))
      ?.trim()
      .slice(0, longestLine);
  } finally {
    closeSync(file);
  }
}
