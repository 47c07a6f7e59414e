/** Files that are either there and whole, or not there. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainDiskError } from './disk-space.ts';

/** What an unfinished file is called, beside its future name. */
export const temporarySuffix = '.unfinished';

/**
 * Writes under a temporary name, flushes to the disk, renames, and flushes the folder.
 * @throws FailureError `disk-full`; an older file of this name is then untouched.
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}${temporarySuffix}`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainDiskError(error, dirname(path));
  }
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows neither needs nor allows this.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
