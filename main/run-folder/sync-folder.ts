/** Makes the names in a folder outlive a power cut: flushing a file does not flush the name that it got. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Returns when the disk has the folder's list of names. */
export function syncFolderNow(folder: string): void {
  // Windows neither needs nor allows this.
  if (process.platform === 'win32') return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
