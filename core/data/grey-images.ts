/** Grey images in memory: what every image reader returns and what the image task draws patches from. */

/** A block of images of one size. */
export interface GreyImages {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** [count, height, width], row-major: the sum of the red, green and blue bytes, 0..765. */
  readonly pixels: Uint16Array;
}

/** A data set with its two parts. No image is in both (for photographs: no photograph, not only no patch). */
export interface ImageDataset {
  /** What a person calls it: `photographs`, or the last part of the path it was read from. */
  readonly name: string;
  readonly format: 'photographs' | 'cifar-10-binary' | 'cifar-10-python' | 'image-folder';
  /** SHA-256 over the contents that were read, in a fixed order; the same images give the same hash. */
  readonly sha256: string;
  readonly training: readonly GreyImages[];
  readonly evaluation: readonly GreyImages[];
  /** One line for people: how the parts were divided, and the licence where it is known. */
  readonly note: string;
}
