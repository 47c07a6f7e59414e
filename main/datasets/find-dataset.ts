/** Tells by content what kind of data set lies somewhere. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { findCifar10Folder } from './find-cifar-10.ts';
import { findOmniglotFolder, findOmniglotZip, isZip } from './find-omniglot.ts';
import { foundGeneratedCharacters, foundOmniglot } from './found-characters.ts';
import { foundCifar10Archive, foundCifar10Folder } from './found-cifar-10.ts';
import type { FoundDataset } from './found-dataset.ts';
import { foundImageFolder, foundPhotographs } from './found-images.ts';

/**
 * @param source `photographs`, `characters`, or a path: CIFAR-10's archive, its folder or the one above it; Omniglot's zips or extracted sets, or a folder of
 * them; else a folder of PNG and JPEG files.
 * @throws InputError `dataset-…`, and errors of the file system, when nothing can be there.
 */
export async function findDataset(source: string): Promise<FoundDataset> {
  if (source === 'photographs') return foundPhotographs();
  if (source === 'characters') return foundGeneratedCharacters();
  const path = resolve(source);
  const info = await stat(path);
  if (info.isFile()) return (await isZip(path)) ? foundOmniglot(await findOmniglotZip(path)) : foundCifar10Archive(path);
  if (!info.isDirectory()) throw new InputError('dataset-format', `${source} is neither a file nor a folder`);
  const cifar = await findCifar10Folder(path);
  if (cifar !== undefined) return foundCifar10Folder(cifar);
  const omniglot = await findOmniglotFolder(path);
  return omniglot === undefined ? foundImageFolder(path) : foundOmniglot(omniglot);
}
