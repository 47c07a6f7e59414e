/** The checkpoints of a run: the last two in full, weights alone at log-spaced iterations for good. */
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FailureError } from '../../core/contract/errors.ts';
import type { JournalRecordOf } from '../../core/contract/journal-records.ts';
import { encodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import { temporarySuffix, writeFileAtomically } from './atomic-file.ts';
import { decodeCheckpoint, encodeCheckpoint, hashContent, type Checkpoint } from './checkpoint-file.ts';
import { requireSpace } from './disk-space.ts';
import { makeFolders } from './make-folders.ts';

type CheckpointRecord = JournalRecordOf<'checkpoint'>;

/** Full checkpoints that a trainer leaves. */
export const keptInFull = 2;
const fullName = /^(\d{9,15})\.safetensors$/;

/** 100, 200, 500, 1000, 2000, …: where a run keeps its weights for good. */
export function isWeightsMark(iteration: number): boolean {
  if (iteration < 100) return false;
  const lead = iteration / 10 ** Math.floor(Math.log10(iteration));
  return lead === 1 || lead === 2 || lead === 5;
}

/**
 * Writes a full checkpoint and then removes those before the last two. The record is for the journal.
 * @throws FailureError `disk-full`; the checkpoints before are then untouched.
 */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<CheckpointRecord> {
  const { iteration, episodes } = checkpoint.saved.state;
  const { bytes, sha256 } = encodeCheckpoint(checkpoint);
  const file = `${pad(iteration)}.safetensors`;
  await write(folder, file, bytes);
  const older = (await listFull(folder)).slice(keptInFull);
  for (const name of older) await rm(join(folder, name), { force: true });
  return record('full', file, bytes.length, sha256, { iteration, episodes, seconds: checkpoint.seconds });
}

/**
 * Writes the parameters alone.
 * @throws FailureError `disk-full`.
 */
export async function writeWeights(
  folder: string,
  weights: NamedArrays,
  progress: { iteration: number; episodes: number; seconds: number },
): Promise<CheckpointRecord> {
  const sha256 = hashContent(weights, '');
  const bytes = encodeSafetensors(weights, { format: 'engram-weights-1', iteration: String(progress.iteration), sha256 });
  const file = `${pad(progress.iteration)}.weights.safetensors`;
  await write(folder, file, bytes);
  return record('weights', file, bytes.length, sha256, progress);
}

interface StoredCheckpoint extends Checkpoint {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface FoundCheckpoint {
  readonly checkpoint?: StoredCheckpoint;
  /** Newer ones that cannot be used. */
  readonly damaged: readonly { readonly file: string; readonly reason: string }[];
}

/** @param file below the run's `folder`. @throws FailureError `checkpoint-damaged`; Error where it is not there. */
export async function readCheckpoint(folder: string, file: string): Promise<StoredCheckpoint> {
  const bytes = await readFile(join(folder, file));
  return { ...decodeCheckpoint(bytes), file, bytes: bytes.length };
}

/**
 * The newest full checkpoint whose content is intact.
 * @throws FailureError `checkpoint-unreadable` where one cannot be read at present, which says nothing of what it holds.
 */
export async function findNewestCheckpoint(folder: string): Promise<FoundCheckpoint> {
  const damaged: { file: string; reason: string }[] = [];
  for (const name of await listFull(folder)) {
    const file = `${basename(folder)}/${name}`;
    try {
      return { checkpoint: await readCheckpoint(dirname(folder), file), damaged };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!(error instanceof FailureError && error.code === 'checkpoint-damaged'))
        throw new FailureError('checkpoint-unreadable', `${file} cannot be read at present (${reason}); nothing was changed`, {
          cause: error,
        });
      damaged.push({ file, reason });
    }
  }
  return { damaged };
}

/** Renames what cannot be used, so that it neither counts as a checkpoint nor is lost, and removes unfinished files. */
export async function tidyCheckpoints(folder: string, { damaged }: FoundCheckpoint): Promise<void> {
  for (const { file } of damaged) {
    const path = join(folder, basename(file));
    await rename(path, `${path}.damaged`);
  }
  for (const name of await list(folder)) if (name.endsWith(temporarySuffix)) await rm(join(folder, name), { force: true });
}

/** The record of a checkpoint that was found, for a journal that lacks it. */
export function recordOfFound({ saved, seconds, file, bytes, sha256 }: StoredCheckpoint): CheckpointRecord {
  const { iteration, episodes } = saved.state;
  return record('full', basename(file), bytes, sha256, { iteration, episodes, seconds });
}

async function write(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  makeFolders(folder);
  requireSpace(folder, bytes.length, 'a checkpoint');
  await writeFileAtomically(join(folder, file), bytes);
}

function record(
  kind: CheckpointRecord['kind'],
  file: string,
  bytes: number,
  sha256: string,
  progress: { iteration: number; episodes: number; seconds: number },
): CheckpointRecord {
  return { type: 'checkpoint', atMs: Date.now(), ...progress, kind, file: `checkpoints/${file}`, bytes, sha256 };
}

/** Newest first. */
async function listFull(folder: string): Promise<string[]> {
  const iterationOf = (name: string) => Number(fullName.exec(name)?.[1]);
  return (await list(folder)).filter((name) => fullName.test(name)).sort((a, b) => iterationOf(b) - iterationOf(a));
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function pad(iteration: number): string {
  return String(iteration).padStart(9, '0');
}
