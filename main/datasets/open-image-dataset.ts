/** Opens whatever `--dataset` names: told apart by content, with one clear sentence when it is nothing that can be read. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EngramError, InputError } from '../../core/contract/errors.ts';
import type { ImageDataset } from '../../core/data/grey-images.ts';
import { cifar10Role, cifar100, looksLikeCifar100, openCifar10Archive, openCifar10Folder } from './cifar-10.ts';
import { openImageFolder } from './image-folder.ts';
import { openPhotographs } from './photographs.ts';

/**
 * The images for training and evaluation, which never overlap.
 * @param path undefined for the photographs that come with Engram; else CIFAR-10, binary or Python version, as .tar.gz, its folder or the one above it;
 * or a folder of PNG and JPEG files.
 * @throws InputError `dataset-…` naming the path, the rule and what was found instead.
 */
export async function openImageDataset(path: string | undefined): Promise<ImageDataset> {
  if (path === undefined) return openPhotographs();
  try {
    return await openPath(path);
  } catch (error) {
    throw explain(path, error);
  }
}

async function openPath(path: string): Promise<ImageDataset> {
  const info = await stat(path);
  const full = resolve(path);
  if (info.isFile()) return openCifar10Archive(full);
  if (!info.isDirectory()) throw new InputError('dataset-format', `${path} is neither a file nor a folder`);

  const cifar = await findCifar10Folder(full);
  if (cifar === undefined) return openImageFolder(full);
  const dataset = await openCifar10Folder(cifar.folder, cifar.fileNames);
  return cifar.alsoThere.length === 0
    ? dataset
    : { ...dataset, note: `${dataset.note}; read from ${cifar.folder}, not ${cifar.alsoThere.join(', ')}` };
}

interface Cifar10Folder {
  readonly folder: string;
  readonly fileNames: readonly string[];
  /** Other folders beside it that hold batches too. */
  readonly alsoThere: readonly string[];
}

/** The folder itself or the first below it that holds batches. */
async function findCifar10Folder(folder: string): Promise<Cifar10Folder | undefined> {
  const own = await listFiles(folder);
  if (own.some((name) => cifar10Role(name) !== undefined)) return { folder, fileNames: own, alsoThere: [] };
  if (looksLikeCifar100(own)) throw cifar100(folder);
  const candidates = [];
  const mistaken = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const below = join(folder, entry.name);
    const fileNames = await listFiles(below).catch(() => []);
    if (fileNames.some((name) => cifar10Role(name) !== undefined)) candidates.push({ folder: below, fileNames });
    else if (looksLikeCifar100(fileNames)) mistaken.push(below);
  }
  candidates.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const [first, ...others] = candidates;
  if (first === undefined && mistaken[0] !== undefined) throw cifar100(mistaken[0]);
  return first === undefined ? undefined : { ...first, alsoThere: others.map((other) => other.folder) };
}

/** Names of the regular files in a folder; links to files count, for batches are often linked to from elsewhere. */
async function listFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const isFile =
      entry.isFile() ||
      (entry.isSymbolicLink() &&
        (await stat(join(folder, entry.name)).then(
          (info) => info.isFile(),
          () => false,
        )));
    if (isFile) names.push(entry.name);
  }
  return names;
}

function explain(path: string, error: unknown): unknown {
  if (error instanceof EngramError || !(error instanceof Error) || !('code' in error)) return error;
  const quoted = JSON.stringify(path);
  const options = { cause: error };
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ERR_INVALID_ARG_VALUE':
      return new InputError('dataset-missing', `the data set ${quoted} does not exist`, options);
    case 'EACCES':
    case 'EPERM':
      return new InputError('dataset-unreadable', `the data set ${quoted} cannot be read: permission denied`, options);
    default:
      return new InputError('dataset-unreadable', `the data set ${quoted} cannot be read: ${error.message}`, options);
  }
}
