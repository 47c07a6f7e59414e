/** Mean and spread of a data set's grey values. */
import type { PixelStatistics } from '../../core/contract/dataset-samples.ts';
import { drawingSide, unpackDrawing, type CharacterImages } from '../../core/data/character-images.ts';
import type { GreyImages } from '../../core/data/grey-images.ts';

const white = 765;

/** Over all pixels of all images. */
export function measureGrey(blocks: readonly GreyImages[]): PixelStatistics {
  let [count, sum, squares] = [0, 0, 0];
  for (const { pixels } of blocks) {
    count += pixels.length;
    for (const pixel of pixels) {
      sum += pixel;
      squares += pixel * pixel;
    }
  }
  const mean = sum / count;
  return { mean: mean / white, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) / white };
}

/** Black ink on white paper. */
export function measureInk(characters: CharacterImages): PixelStatistics {
  let [ink, count] = [0, 0];
  for (const { drawings } of characters) {
    for (const drawing of drawings) {
      count += drawingSide * drawingSide;
      for (const pixel of unpackDrawing(drawing)) ink += pixel;
    }
  }
  const mean = 1 - ink / count;
  return { mean, deviation: Math.sqrt(mean * (1 - mean)) };
}
