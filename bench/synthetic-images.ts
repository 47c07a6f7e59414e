/** A data set in memory, so that a measurement needs no files: random grey images, which cost a training exactly what real ones do. */
import type { GreyImages, ImageDataset } from '../core/data/grey-images.ts';
import { createRandom } from '../core/random.ts';

const imagesInAPart = 64;
const brightest = 765;

/** @param size side of the images in pixels. */
export function createSyntheticImages(size = 32): ImageDataset {
  return {
    name: 'random grey images',
    format: 'image-folder',
    sha256: '',
    training: [createImages(size, 'bench, training images')],
    evaluation: [createImages(size, 'bench, evaluation images')],
    note: 'random numbers, for measurements only',
  };
}

function createImages(size: number, stream: string): GreyImages {
  const random = createRandom(1, stream);
  const pixels = Uint16Array.from({ length: imagesInAPart * size * size }, () => random.integer(0, brightest));
  return { count: imagesInAPart, width: size, height: size, pixels };
}
