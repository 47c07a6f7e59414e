/** Makes sure that an exported file can be written where the user wants it, before any work is done. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { makeFolders } from '../run-folder/make-folders.ts';

/** @throws InputError `export-not-writable`. */
export function prepareExport(to: string): void {
  let isFolder: boolean;
  try {
    makeFolders(dirname(to));
    accessSync(dirname(to), constants.W_OK | constants.X_OK);
    isFolder = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new InputError('export-not-writable', `${to} cannot be written${reason}`, { cause: error });
  }
  if (isFolder) throw new InputError('export-not-writable', `${to} is a folder, and the export is a file`);
}
