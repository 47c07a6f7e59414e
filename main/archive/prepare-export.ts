/** Puts an exported file where the user wants it; whether it can be written there is seen before any work is done. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { writeFileAtomically, type FileContent } from '../run-folder/atomic-file.ts';
import { makeFolders } from '../run-folder/make-folders.ts';

/** @throws InputError `export-not-writable`. */
export function prepareExport(to: string): void {
  let isFolder: boolean;
  try {
    makeFolders(dirname(to));
    accessSync(dirname(to), constants.W_OK | constants.X_OK);
    isFolder = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    throw notWritable(to, error);
  }
  if (isFolder) throw new InputError('export-not-writable', `${to} is a folder, and the export is a file`);
}

/**
 * As `writeFileAtomically`, in a place that `prepareExport` has looked at.
 * @throws InputError `export-not-writable` where the place is not what it seemed; FailureError `disk-full`; what `content` throws; the signal's reason.
 */
export async function writeExport(to: string, content: FileContent, signal: AbortSignal | undefined): Promise<void> {
  try {
    await writeFileAtomically(to, content, signal);
  } catch (error) {
    // The file has another name while it is written.
    const isOfPlace = error instanceof Error && 'path' in error && typeof error.path === 'string' && error.path.startsWith(to);
    throw isOfPlace ? notWritable(to, error) : error;
  }
}

function notWritable(to: string, cause: unknown): InputError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new InputError('export-not-writable', `${to} cannot be written${reason}`, { cause });
}
