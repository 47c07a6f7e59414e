/**
 * How the pixels of a convolution by 3 × 3 with stride two lie in memory, so that no operation but row slices, concatenation and products is needed.
 *
 * A layer's output has an odd side o = 2g - 1. Its pixels stand in four planes [g, g], by the parity of row and column: tap (ky, kx) of
 * the next layer's pixel (Y, X) is then pixel (Y + (ky >> 1), X + (kx >> 1)) of plane (ky & 1, kx & 1). Rows of the matrix are
 * [plane, Y, X, image], columns the features: what a tap sees of all pixels and images is one run of rows. The last row and column
 * of planes of odd parity do not exist in the image; no tap reads them.
 */

export interface Tap {
  readonly ky: number;
  readonly kx: number;
}

export interface Plane {
  readonly rowParity: 0 | 1;
  readonly columnParity: 0 | 1;
  /** The taps that read this plane. */
  readonly taps: readonly Tap[];
}

/** In the order in which they lie in memory. */
export const planes: readonly Plane[] = ([0, 1] as const).flatMap((rowParity) =>
  ([0, 1] as const).map((columnParity) => ({ rowParity, columnParity, taps: tapsOf(rowParity, columnParity) })),
);

/** All nine, in the order in which a kernel's rows hold them: plane after plane. */
export const taps: readonly Tap[] = planes.flatMap((plane) => plane.taps);

function tapsOf(rowParity: number, columnParity: number): Tap[] {
  const along = (parity: number) => [0, 1, 2].filter((tap) => (tap & 1) === parity);
  return along(rowParity).flatMap((ky) => along(columnParity).map((kx) => ({ ky, kx })));
}

/** Pixels of a plane that lie between those of tap (0, 0) and of this one. */
export function tapShift({ ky, kx }: Tap, g: number): number {
  return (ky >> 1) * g + (kx >> 1);
}

/** Columns of `patchesOfImages`: the nine taps, and a constant 1 that carries the bias. */
export const patchWidth = taps.length + 1;

/**
 * What each pixel of the first layer's output sees of the images, in planes.
 * @param images [count, side, side], side = 4g - 1.
 * @returns [4 g g count, 10]; all zeros where a plane has no pixel.
 */
export function patchesOfImages(images: Float32Array, count: number, side: number): Float32Array {
  const g = (side + 1) / 4;
  const outputSide = 2 * g - 1;
  const pixels = side * side;
  const patches = new Float32Array(planes.length * g * g * count * patchWidth);
  const offsets = taps.map(({ ky, kx }) => ky * side + kx);
  let to = 0;
  for (const { rowParity, columnParity } of planes) {
    for (let position = 0; position < g * g; position++) {
      const row = 2 * Math.floor(position / g) + rowParity;
      const column = 2 * (position % g) + columnParity;
      if (row >= outputSide || column >= outputSide) {
        to += count * patchWidth;
        continue;
      }
      const corner = 2 * row * side + 2 * column;
      for (let image = 0; image < count; image++) {
        const from = image * pixels + corner;
        for (let tap = 0; tap < offsets.length; tap++) patches[to + tap] = images[from + offsets[tap]!]!;
        patches[to + offsets.length] = 1;
        to += patchWidth;
      }
    }
  }
  return patches;
}
