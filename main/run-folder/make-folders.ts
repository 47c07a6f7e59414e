/** Creates a folder and those above it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolderNow } from './sync-folder.ts';

/** As `mkdirSync` with `recursive`, which never returns in folders like /proc, where nothing can be created; a power cut does not undo it. */
export function makeFolders(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolders(dirname(path));
    makeFolder(path);
  }
}

function makeFolder(path: string): void {
  mkdirSync(path);
  syncFolderNow(dirname(path));
}
