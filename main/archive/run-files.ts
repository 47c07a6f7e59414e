/** The files of a run as they are at one moment, while a trainer may be writing there. */
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isArchivedPath } from '../../core/contract/archive-manifest.ts';
import { FailureError } from '../../core/contract/errors.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { findJournalEnd } from './journal-end.ts';

export interface RunFile {
  /** Relative to the run folder, with `/`. */
  readonly path: string;
  /** Open: the file can be read even if it is removed meanwhile. */
  readonly handle: FileHandle;
  /** What of it counts. */
  readonly bytes: number;
}

const readBytes = 1024 * 1024;

/** Opens every file that belongs into an archive: spec, journal up to its last whole record, checkpoints, pictures, log. The caller closes them. */
export async function openRunFiles({ folder }: RunPaths): Promise<readonly RunFile[]> {
  const opened: RunFile[] = [];
  const openAll = async (paths: readonly string[]) => {
    for (const path of paths.filter(isArchivedPath)) {
      const file = await openRunFile(folder, path);
      if (file !== undefined) opened.push(file);
    }
  };
  try {
    // A checkpoint is written after the records of what it contains, and a picture before the record that names it.
    await openAll((await list(join(folder, 'checkpoints'))).map((name) => `checkpoints/${name}`));
    await openAll((await list(join(folder, 'pictures'))).map((name) => `pictures/${name}`));
    await openAll(['journal']);
    await openAll((await list(folder)).filter((name) => name !== 'journal'));
  } catch (error) {
    await closeRunFiles(opened);
    throw error;
  }
  const first = ['spec.json', 'journal'].flatMap((name) => opened.filter(({ path }) => path === name));
  return [...first, ...opened.filter((file) => !first.includes(file))];
}

async function openRunFile(folder: string, path: string): Promise<RunFile | undefined> {
  const handle = await open(join(folder, path)).catch(absent);
  if (handle === undefined) return undefined;
  try {
    const bytes = path === 'journal' ? (await findJournalEnd(handle)).position.offset : (await handle.stat()).size;
    return { path, handle, bytes };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export async function closeRunFiles(files: readonly RunFile[]): Promise<void> {
  for (const { handle } of files) await handle.close();
}

/** @throws FailureError `run-changed` when the file has become shorter. */
export async function* readRunFile({ path, handle, bytes }: RunFile): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes;) {
    const size = Math.min(readBytes, bytes - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(size), 0, size, at);
    if (bytesRead === 0) throw runChanged(path);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

export function runChanged(path: string): FailureError {
  return new FailureError('run-changed', `the run's ${path} was changed while it was read; try again`);
}

async function list(folder: string): Promise<string[]> {
  return ((await readdir(folder).catch(absent)) ?? []).sort();
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
