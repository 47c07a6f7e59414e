/** One trainer a run. */
import { hostname } from 'node:os';
import { InputError } from '../../core/contract/errors.ts';
import { readLockHolder, takeLock, type LockHolder, type ProcessLock } from './process-lock.ts';

/**
 * Takes the lock at `path`.
 * @throws InputError `run-busy` while another process holds it.
 */
export function acquireRunLock(path: string): ProcessLock {
  const lock = takeLock(path);
  if ('holder' in lock) throw busy(lock.holder, path);
  return lock;
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
