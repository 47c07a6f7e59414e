/** What people say of a run, kept in its folder as `about.json`, so that a lost database can be made anew with it. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runAboutSchema, type RunAbout } from '../../core/contract/run-about.ts';
import { temporarySuffix } from './atomic-file.ts';
import { explainDiskError } from './disk-space.ts';
import type { RunPaths } from './run-paths.ts';

/** Undefined where there is none, or what is there cannot be read. */
export function readAbout({ folder }: RunPaths): RunAbout | undefined {
  try {
    return runAboutSchema.safeParse(JSON.parse(readFileSync(aboutPath(folder), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/**
 * In one step; not flushed to the disk, since this is the second copy.
 * @throws FailureError `disk-full`; the file before is then untouched.
 */
export function writeAbout({ folder }: Pick<RunPaths, 'folder'>, about: RunAbout): void {
  const path = aboutPath(folder);
  const temporary = `${path}.${process.pid}${temporarySuffix}`;
  try {
    writeFileSync(temporary, `${JSON.stringify(about, null, 2)}\n`);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainDiskError(error, dirname(path));
  }
}

function aboutPath(folder: string): string {
  return join(folder, 'about.json');
}
