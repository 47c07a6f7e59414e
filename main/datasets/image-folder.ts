/** A folder of PNG and JPEG files as a data set, divided by content, so that neither names nor the folder's order matter. */
import { createHash, hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import type { ImageDataset } from '../../core/data/grey-images.ts';
import { decodeImage, groupBySize, hashPixels, type DecodedImage } from './image-decoding.ts';
import { unfollowed, type Reading } from './reading.ts';

const smallestSide = 32;
const fewestImages = 4;
const evaluationShare = 0.1;
const maximumEntries = 1_000_000;
const maximumFileBytes = 256 * 2 ** 20;
/** All images together: 800 MB in memory. */
const maximumTotalPixels = 400_000_000;

export interface FolderImage {
  readonly path: string;
  /** Of the file's bytes: the image's place in order, and its part. */
  readonly fileSha256: string;
  readonly image: DecodedImage;
}

export interface ImageFolder {
  readonly dataset: ImageDataset;
  /** The usable ones, by content. */
  readonly images: readonly FolderImage[];
}

/**
 * Every PNG and JPEG below `folder`; links are not followed, hidden files not read. About a tenth of the images, at least one, is for evaluation;
 * adding an image does not move others from one part to the other.
 * @throws InputError `dataset-empty` without any image file, `dataset-too-small` with fewer than 4 usable images, `dataset-image` for a damaged one,
 * `dataset-too-large` beyond 400 megapixels in all.
 */
export async function openImageFolder(folder: string, reading: Reading = unfollowed): Promise<ImageFolder> {
  const paths = await findImageFiles(folder);
  if (paths.length === 0) throw await nothingFound(folder);
  const { images, small, copies } = await readImages(folder, paths, reading);
  if (images.length < fewestImages) {
    const left = describeLeftOut(small, copies);
    throw new InputError(
      'dataset-too-small',
      `${folder} holds ${images.length} usable images${left}; at least ${fewestImages} different ones of ${smallestSide}×${smallestSide} or more are needed`,
    );
  }

  images.sort((a, b) => (a.fileSha256 < b.fileSha256 ? -1 : 1));
  const below = images.filter(({ fileSha256 }) => Number.parseInt(fileSha256.slice(0, 8), 16) < evaluationShare * 2 ** 32).length;
  const held = Math.min(Math.max(below, 1), Math.floor(images.length / 2));
  const dataset: ImageDataset = {
    name: basename(folder),
    format: 'image-folder',
    sha256: hash('sha256', images.map(({ fileSha256 }) => `${fileSha256}\n`).join('')),
    training: groupBySize(images.slice(held).map(({ image }) => image)),
    evaluation: groupBySize(images.slice(0, held).map(({ image }) => image)),
    note: `${images.length - held} images for training, ${held} others for evaluation, divided by content${describeLeftOut(small, copies)}`,
  };
  return { dataset, images };
}

/** Paths of regular files that are called PNG or JPEG, sorted; their content is looked at when they are read. */
export async function findImageFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [folder];
  let entries = 0;
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    for (const entry of await readdir(current, { withFileTypes: true })) {
      if (++entries > maximumEntries)
        throw new InputError('dataset-too-large', `${folder} holds more than ${maximumEntries} files and folders`);
      if (entry.name.startsWith('.')) continue;
      const path = join(current, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && ['.png', '.jpg', '.jpeg'].includes(extname(entry.name).toLowerCase())) found.push(path);
    }
  }
  return found.sort();
}

async function readImages(
  folder: string,
  paths: readonly string[],
  reading: Reading,
): Promise<{ images: FolderImage[]; small: number; copies: number }> {
  const images: FolderImage[] = [];
  const knownFiles = new Set<string>();
  const byPixels = new Map<string, number>();
  let small = 0;
  let copies = 0;
  let totalPixels = 0;
  for (const path of paths) {
    const bytes = await readImageFile(path);
    reading.advance(bytes.length);
    const fileSha256 = createHash('sha256').update(bytes).digest('hex');
    if (knownFiles.has(fileSha256)) {
      copies++;
      continue;
    }
    knownFiles.add(fileSha256);
    const image = await decodeImage(bytes, path);
    if (image.width < smallestSide || image.height < smallestSide) {
      small++;
      continue;
    }
    // The same picture saved twice must not be in both parts; of two such files the one with the smaller hash counts, whatever their names.
    const pixelHash = hashPixels(image);
    const twin = byPixels.get(pixelHash);
    if (twin !== undefined) {
      copies++;
      if (fileSha256 < images[twin]!.fileSha256) images[twin] = { path, fileSha256, image };
      continue;
    }
    byPixels.set(pixelHash, images.length);
    images.push({ path, fileSha256, image });
    totalPixels += image.pixels.length;
    if (totalPixels > maximumTotalPixels) {
      throw new InputError(
        'dataset-too-large',
        `the images of ${folder} have more than ${maximumTotalPixels / 1e6} megapixels together, which would fill the memory; use fewer or smaller ones`,
      );
    }
  }
  return { images, small, copies };
}

async function readImageFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > maximumFileBytes)
    throw new InputError('dataset-image', `${path} has ${size} bytes, and ${maximumFileBytes} is the most for one image`);
  return readFile(path);
}

async function nothingFound(folder: string): Promise<InputError> {
  const names = await readdir(folder);
  if (names.length === 0) return new InputError('dataset-empty', `${folder} is an empty folder`);
  const archive = names.sort().find((name) => /\.(tar\.gz|tgz|tar)$/.test(name));
  const hint = archive === undefined ? '' : `; it holds the archive ${archive}, which can be named itself`;
  return new InputError('dataset-empty', `${folder} holds neither CIFAR-10 batches nor PNG or JPEG files${hint}`);
}

function describeLeftOut(small: number, copies: number): string {
  const parts = [];
  if (small > 0) parts.push(`${small} smaller than ${smallestSide}×${smallestSide} left out`);
  if (copies > 0) parts.push(`${copies} copies left out`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
