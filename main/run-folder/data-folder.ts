/** The lab's folder, where all runs lie. */
import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { InputError } from '../../core/contract/errors.ts';
import { makeFolders } from './make-folders.ts';

/** `--data`, else the environment variable ENGRAM_DATA, else the user's folder for application data. */
export function resolveDataFolder(option: string | undefined): string {
  return resolve(option ?? (process.env['ENGRAM_DATA'] || envPaths('engram', { suffix: '' }).data));
}

export function runsFolder(dataFolder: string): string {
  return join(dataFolder, 'runs');
}

/**
 * Makes sure that runs can be written there.
 * @throws InputError `data-folder-not-writable`.
 */
export function prepareDataFolder(dataFolder: string): void {
  try {
    makeFolders(runsFolder(dataFolder));
    accessSync(runsFolder(dataFolder), constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new InputError('data-folder-not-writable', `the data folder ${dataFolder} cannot be written${reason}; name another with --data`, {
      cause: error,
    });
  }
}
