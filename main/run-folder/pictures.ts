/** What a network did in held-out episodes on its way, a picture an evaluation: the newest ones, and of the older ones some that are evenly apart in orders of magnitude. */
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodePng, type Picture } from '../../core/files/png.ts';
import { temporarySuffix, writeFileAtomically } from './atomic-file.ts';
import { makeFolders } from './make-folders.ts';

/** Of the newest ones none is taken away. */
const keptNewest = 12;
const pictureName = /^(\d{9,15})\.png$/;

export interface KeptPicture {
  readonly iteration: number;
  /** Relative to the run folder. */
  readonly file: string;
}

/**
 * Writes the picture of an iteration, in the place of one that is there, and removes those that are not kept.
 * @param folder `pictures` of a run.
 * @throws FailureError `disk-full`; the pictures before are then untouched.
 */
export async function writePicture(folder: string, iteration: number, picture: Picture): Promise<void> {
  makeFolders(folder);
  await writeFileAtomically(join(folder, `${String(iteration).padStart(9, '0')}.png`), encodePng(picture));
  const kept = new Set(choosePictures(listPictures(folder).map((each) => each.iteration)));
  for (const name of readdirSync(folder)) {
    const isOld = pictureName.test(name) && !kept.has(iterationOf(name));
    // Left by a trainer that was killed.
    if (isOld || name.endsWith(temporarySuffix)) await rm(join(folder, name), { force: true });
  }
}

/** In the order of their iterations; none where there is no such folder. */
export function listPictures(folder: string): KeptPicture[] {
  return namesIn(folder)
    .filter((name) => pictureName.test(name))
    .map((name) => ({ iteration: iterationOf(name), file: `${basename(folder)}/${name}` }))
    .sort((a, b) => a.iteration - b.iteration);
}

/** Which ones stay: the newest, and before them the first from 1, 2, 5, 10, 20, … on. What stays once stays whatever comes later. */
export function choosePictures(iterations: readonly number[]): number[] {
  const sorted = iterations.toSorted((a, b) => a - b);
  const older = sorted.slice(0, -keptNewest);
  const firstOfMark = new Map<number, number>();
  for (const iteration of older) if (!firstOfMark.has(markBefore(iteration))) firstOfMark.set(markBefore(iteration), iteration);
  return [...firstOfMark.values(), ...sorted.slice(-keptNewest)];
}

/** The largest of 1, 2, 5, 10, 20, … that is not larger. */
function markBefore(iteration: number): number {
  const power = 10 ** Math.floor(Math.log10(iteration));
  const lead = iteration / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

function iterationOf(name: string): number {
  return Number(pictureName.exec(name)?.[1]);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
