/** Files that are either there and whole, or not there. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainDiskError } from './disk-space.ts';

/** What an unfinished file is called, beside its future name. */
export const temporarySuffix = '.unfinished';

/** A whole file, or its pieces one after the other, which need not all be in memory. */
export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

let temporaryFiles = 0;

/**
 * Writes under a temporary name, flushes to the disk, renames, and flushes the folder.
 * @throws FailureError `disk-full`; what `content` throws; or the signal's reason. An older file of this name is then untouched.
 */
export async function writeFileAtomically(path: string, content: FileContent, signal?: AbortSignal): Promise<void> {
  const temporary = `${path}.${process.pid}-${++temporaryFiles}${temporarySuffix}`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content, signal === undefined ? {} : { signal });
      await file.sync();
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainDiskError(error, dirname(path));
  }
  await syncFolder(dirname(path));
}

/** Flushes a folder's list of names to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows neither needs nor allows this.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
