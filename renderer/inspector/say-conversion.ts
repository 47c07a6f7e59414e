/** What becomes of images before a network of another size or without colour is shown them. */
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';

type Images = Pick<DatasetDescription, 'imageWidth' | 'imageHeight' | 'channels'>;

/** Empty where they are shown as they are. @param size of the network's square. */
export function sayConversion({ imageWidth, imageHeight, channels }: Images, size: number): string {
  const isWhole = imageWidth === size && imageHeight === size;
  const sides = imageWidth === null || imageHeight === null ? 'images of several sizes' : `images of ${imageWidth} × ${imageHeight}`;
  const parts = [
    ...(channels === 3 ? ['their colours as grey'] : []),
    ...(isWhole ? [] : [`a piece of ${size} × ${size}, at a place that the episode draws`]),
  ];
  return parts.length === 0 ? '' : `${sides}: ${parts.join('; ')}`;
}
