/** Opens whatever `--dataset` names: told apart by content, with one clear sentence when it is nothing that can be read. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import type { ImageDataset } from '../../core/data/grey-images.ts';
import { openCifar10Archive, openCifar10Folder } from './cifar-10.ts';
import { explainFileError } from './explain-file-error.ts';
import { findCifar10Folder } from './find-cifar-10.ts';
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
    throw explainFileError(path, error);
  }
}

async function openPath(path: string): Promise<ImageDataset> {
  const info = await stat(path);
  const full = resolve(path);
  if (info.isFile()) return (await openCifar10Archive(full)).dataset;
  if (!info.isDirectory()) throw new InputError('dataset-format', `${path} is neither a file nor a folder`);

  const cifar = await findCifar10Folder(full);
  return (await (cifar === undefined ? openImageFolder(full) : openCifar10Folder(cifar))).dataset;
}
