/** From stored images to the patterns a network is shown: a random patch, made symmetric about zero (paper, section 4.2). */
import type { Random } from '../random.ts';
import type { GreyImages } from './grey-images.ts';

/**
 * A random patch, [size, size] row-major, as stored (0..765): first an image, each with the same chance, then a place within it.
 * An image of exactly this size is taken whole. Always draws three numbers, so that a stream's use does not depend on the images.
 * @throws RangeError when there is no image, or the drawn one is smaller than the patch.
 */
export function drawPatch(images: readonly GreyImages[], random: Random, size = 32): Float32Array {
  const total = images.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) throw new RangeError('a patch needs at least one image to be drawn from');
  let index = random.integer(0, total - 1);
  let block = 0;
  while (index >= images[block]!.count) index -= images[block++]!.count;
  const { width, height, pixels } = images[block]!;
  if (width < size || height < size) throw new RangeError(`a patch of ${size}×${size} does not fit into an image of ${width}×${height}`);
  const left = random.integer(0, width - size);
  const top = random.integer(0, height - size);

  const patch = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const start = (index * height + top + row) * width + left;
    patch.set(pixels.subarray(start, start + size), row * size);
  }
  return patch;
}

/**
 * The pattern of an image: its mean removed, then divided by the largest absolute value, so that it spans [−1, 1] and touches one end.
 * Undefined when all pixels are equal: there is nothing to remember, and the caller draws another.
 */
export function normalisePattern(grey: Float32Array | Uint16Array): Float32Array | undefined {
  let sum = 0;
  // Counted loops: this runs for every pixel of every pattern, and iterators take ten times as long.
  for (let at = 0; at < grey.length; at++) sum += grey[at]!;
  const mean = sum / grey.length;
  let largest = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = 0; at < grey.length; at++) {
    const value = grey[at]!;
    largest = Math.max(largest, Math.abs(value - mean));
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  // Equal pixels are found by comparing them: their mean may be off by a rounding, which would be blown up to ±1.
  if (!(highest > lowest)) return undefined;
  const pattern = new Float32Array(grey.length);
  for (let at = 0; at < grey.length; at++) pattern[at] = (grey[at]! - mean) / largest;
  return pattern;
}
