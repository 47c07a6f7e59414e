/** Finds the folder that holds CIFAR-10's batches: the one that was named, or one below it. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cifar10Role, cifar100, looksLikeCifar100, type Cifar10Folder } from './cifar-10.ts';

/**
 * The folder itself or the first below it that holds batches.
 * @throws InputError `dataset-cifar-100` where CIFAR-100 lies instead.
 */
export async function findCifar10Folder(folder: string): Promise<Cifar10Folder | undefined> {
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
