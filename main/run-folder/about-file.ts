/** What people say of a run, kept in its folder as `about.json`, so that a lost database can be made anew with it. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { evaluationSchema } from '../../core/contract/evaluation.ts';
import { triedSchema } from '../../core/contract/tried.ts';
import { temporarySuffix } from './atomic-file.ts';
import { explainDiskError } from './disk-space.ts';
import type { RunPaths } from './run-paths.ts';

export const aboutSchema = z.strictObject({
  name: z.string(),
  note: z.string(),
  tags: z.array(z.string()),
  group: z.string(),
  protected: z.boolean(),
  createdAtMs: z.int(),
  /** What was tried while looking inside it; absent where nothing was kept. */
  tried: z.array(triedSchema).readonly().exactOptional(),
  /** What people had evaluated beside what the trainer does; absent where there is nothing. */
  evaluated: z.array(evaluationSchema).readonly().exactOptional(),
});

export type RunAbout = z.infer<typeof aboutSchema>;

/** Undefined where there is none, or what is there cannot be read. */
export function readAbout({ folder }: RunPaths): RunAbout | undefined {
  try {
    return aboutSchema.safeParse(JSON.parse(readFileSync(aboutPath(folder), 'utf8'))).data;
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
