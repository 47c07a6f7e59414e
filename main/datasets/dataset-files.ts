/** The files that make up a data set, and the cheap sign by which a change of them is noticed. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface DatasetFile {
  /** Relative to the data set's path with `/`; empty where the path is the file itself. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

const atOnce = 32;

/** Sizes and times of files below `root`, in the order of `names`. */
export async function statFiles(root: string, names: readonly string[]): Promise<DatasetFile[]> {
  const files: DatasetFile[] = [];
  for (let from = 0; from < names.length; from += atOnce) {
    files.push(
      ...(await Promise.all(names.slice(from, from + atOnce).map((name) => statFile(name, name === '' ? root : join(root, name))))),
    );
  }
  return files;
}

export async function statFile(name: string, path: string): Promise<DatasetFile> {
  const { size, mtimeMs } = await stat(path);
  return { name, path, sizeBytes: size, mtimeMs };
}

/** Of names, sizes and times: equal as long as nobody wrote to the files. */
export function fingerprintOf(files: readonly DatasetFile[]): string {
  const hash = createHash('sha256');
  const ordered = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, sizeBytes, mtimeMs } of ordered) hash.update(`${JSON.stringify(name)} ${sizeBytes} ${mtimeMs}\n`);
  return hash.digest('hex');
}

export function totalBytes(files: readonly DatasetFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
