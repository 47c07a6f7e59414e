/** One trainer a run: a lock file that names its holder, and that a dead holder does not keep. */
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { InputError } from '../../core/contract/errors.ts';

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  readonly started: string;
}

export interface RunLock {
  release(): void;
}

/**
 * Takes the lock at `path`.
 * @throws InputError `run-busy` while another process holds it.
 */
export function acquireRunLock(path: string): RunLock {
  const own: LockHolder = { pid: process.pid, host: hostname(), started: processStart(process.pid) };
  const content = JSON.stringify(own);
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  try {
    while (!createExclusively(temporary, path)) {
      const found = readText(path);
      const holder = parseHolder(found);
      if (holder !== undefined && isAlive(holder)) throw busy(holder, path);
      removeStale(path, found);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
  return {
    release: () => {
      if (readText(path) === content) rmSync(path, { force: true });
    },
  };
}

/** Who holds the lock at this moment, if anybody does. */
export function readLockHolder(path: string): LockHolder | undefined {
  const holder = parseHolder(readText(path));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** @throws InputError `run-busy` while a process holds the lock. */
export function requireUnlocked(path: string): void {
  const holder = readLockHolder(path);
  if (holder !== undefined) throw busy(holder, path);
}

function busy({ pid, host }: LockHolder, path: string): InputError {
  const where = host === hostname() ? '' : ` on ${host} (if that is not so any more, delete ${path})`;
  return new InputError('run-busy', `this run is being trained by process ${pid}${where}`);
}

function createExclusively(from: string, path: string): boolean {
  try {
    linkSync(from, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
  }
  // A file system without hard links.
  try {
    copyFileSync(from, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Two processes may find the same dead lock; the one that comes second gives back the lock of the first. */
function removeStale(path: string, expected: string | undefined): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readText(aside) !== expected) createExclusively(aside, path);
  rmSync(aside, { force: true });
}

function parseHolder(text: string | undefined): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, host, started } = value as Partial<Record<keyof LockHolder, unknown>>;
    const valid = Number.isSafeInteger(pid) && Number(pid) > 0 && typeof host === 'string' && typeof started === 'string';
    return valid ? { pid: Number(pid), host, started } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, host, started }: LockHolder): boolean {
  // Nobody can tell from here; better to refuse than to write the run twice.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  return processStart(pid) === started;
}

/** Linux: the clock tick at which the process began; a process that has ended but was not waited for counts as gone. */
function processStart(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
