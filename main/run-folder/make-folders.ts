/** Creates a folder and those above it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** As `mkdirSync` with `recursive`, which never returns in folders like /proc, where nothing can be created. */
export function makeFolders(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolders(dirname(path));
    mkdirSync(path);
  }
}
