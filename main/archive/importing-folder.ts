/** The folder in which a run stands while it is imported: beside the folder of runs, moved there in one step, and removed with whoever died over it. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { syncFolder } from '../run-folder/atomic-file.ts';
import { explainDiskError } from '../run-folder/disk-space.ts';
import { readLockHolder, takeLock, type ProcessLock } from '../run-folder/process-lock.ts';

const prefix = '.importing-';
const lockName = 'importing.lock';

export interface ImportingFolder {
  readonly folder: string;
  /**
   * Makes it the run.
   * @returns the run's folder.
   * @throws InputError `run-exists`.
   */
  finish(): Promise<string>;
  remove(): Promise<void>;
}

/**
 * `runsFolder` is there.
 * @throws FailureError `disk-full`.
 */
export async function createImportingFolder(runsFolder: string, id: string): Promise<ImportingFolder> {
  const target = join(runsFolder, id);
  const folder = await mkdtemp(join(await parentOf(runsFolder), `${prefix}${id}-${process.pid}-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  let lock: ProcessLock;
  try {
    lock = lockFolder(folder);
  } catch (error) {
    await remove();
    throw explainDiskError(error, runsFolder);
  }
  return {
    folder,
    finish: async () => {
      if (existsSync(target)) throw runExists(id);
      lock.release();
      await syncFolder(folder);
      try {
        await rename(folder, target);
      } catch (error) {
        if (existsSync(target)) throw runExists(id, error);
        throw error;
      }
      await syncFolder(runsFolder);
      return target;
    },
    remove,
  };
}

function lockFolder(folder: string): ProcessLock {
  const lock = takeLock(join(folder, lockName));
  if ('holder' in lock) throw new Error(`process ${lock.holder.pid} has locked the new folder ${folder}`);
  return lock;
}

/** Removes what imports left whose process is gone; to be called before runs are imported. */
export async function removeStaleImports(runsFolder: string): Promise<readonly string[]> {
  if (!existsSync(runsFolder)) return [];
  const parent = await parentOf(runsFolder);
  const folders = (await readdir(parent)).filter((name) => name.startsWith(prefix)).map((name) => join(parent, name));
  const stale = folders.filter((folder) => readLockHolder(join(folder, lockName)) === undefined);
  for (const folder of stale) await rm(folder, { recursive: true, force: true });
  return stale;
}

export function runExists(id: string, cause?: unknown): InputError {
  return new InputError('run-exists', `run ${id} is here already, and an import never replaces a run`, { cause });
}

/** On the same disk as the runs, also where their folder is a link. */
async function parentOf(runsFolder: string): Promise<string> {
  return dirname(await realpath(runsFolder));
}
