/**
 * A lock file that names the process that holds it, and that a dead holder does not keep.
 *
 * Nobody ever removes somebody else's lock, since two processes that find the same dead holder could remove each other's. Whoever follows a
 * dead holder creates the file `<lock>.after-<hash of what the dead one wrote>` instead, which exactly one process can. The lock belongs to
 * the last file of that chain. Its holder then puts its own name in place of the first file, in one step, and removes the rest.
 */
import { createHash, randomUUID } from 'node:crypto';
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { explainDiskError } from './disk-space.ts';

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  readonly started: string;
}

export interface ProcessLock {
  release(): void;
}

/** Takes the lock at `path`, or says who holds it. @throws FailureError `disk-full`. */
export function takeLock(path: string): ProcessLock | { readonly holder: LockHolder } {
  const own: LockHolder = { pid: process.pid, host: hostname(), started: processStart(process.pid) };
  const content = JSON.stringify({ ...own, token: randomUUID() });
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, content);
    for (;;) {
      const { holder, next, dead } = followChain(path);
      if (holder !== undefined) return { holder };
      if (!createExclusively(temporary, next)) continue;
      if (dead.length === 0) break;
      // The chain may have been replaced since it was followed; then it does not lead here.
      if (followChain(path).content === content) {
        renameSync(temporary, path);
        for (const file of [...dead.slice(1), next]) rmSync(file, { force: true });
        break;
      }
      rmSync(next, { force: true });
    }
  } catch (error) {
    throw explainDiskError(error, dirname(path));
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
  return followChain(path).holder;
}

interface ChainEnd {
  /** Who holds the lock, with what it wrote; absent when nobody does. */
  readonly holder?: LockHolder;
  readonly content?: string;
  /** The file that the next holder is to create. */
  readonly next: string;
  /** The files before it, left by processes that are gone. */
  readonly dead: readonly string[];
}

function followChain(path: string): ChainEnd {
  const dead: string[] = [];
  let next = path;
  for (;;) {
    const content = readText(next);
    if (content === undefined) return { next, dead };
    const holder = parseHolder(content);
    if (holder !== undefined && isAlive(holder)) return { holder, content, next, dead };
    dead.push(next);
    next = `${path}.after-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
  }
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

function parseHolder(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
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
