/**
 * Layers of convolution by 3 × 3 with stride two and tanh, until one pixel is left: an image of 31 × 31 becomes 15, 7, 3, 1 (arXiv 1804.02464,
 * section 4.3). Gradients by hand. Memory lies as `convolution-patches.ts` says.
 */
import type { Operations, Tensor } from '../backend/operations.ts';
import { InputError } from '../contract/errors.ts';
import { patchesOfImages, patchWidth, planes, taps, tapShift } from './convolution-patches.ts';

/**
 * Layers that leave one pixel of an image.
 * @throws InputError `parameter-out-of-range` for a side that is not 7, 15, 31, 63, ….
 */
export function layersFor(side: number): number {
  const layers = Math.log2(side + 1) - 1;
  if (Number.isInteger(layers) && layers >= 2) return layers;
  throw new InputError('parameter-out-of-range', `an image's side must be one of 7, 15, 31, 63, …, not ${side}`);
}

/** Rows of a layer's kernel: what each tap sees, tap after tap, and the bias. */
export function kernelRows(layer: number, features: number): number {
  return layer === 0 ? patchWidth : taps.length * features + 1;
}

export interface ConvolutionRun {
  /** [images, features]. */
  readonly features: Tensor;
  /**
   * Call inside `tidy`, while the kernels are as they were.
   * @param dFeatures ∂loss/∂features.
   * @returns ∂loss/∂kernel of each layer, [rows, features].
   */
  differentiate(dFeatures: Tensor): Tensor[];
  /** Frees what the run holds. */
  dispose(): void;
}

/** What the way back needs of a layer. */
interface LayerRecord {
  /** What its pixels see, [pixels · images, taps · features] (of the first layer with the bias's column). */
  readonly patches: Tensor;
  /** Its output after tanh. */
  readonly y: Tensor;
}

/**
 * Call outside of `tidy`: the run lives until it is disposed of.
 * @param readKernels gives the kernel of each layer, [rows, features] (see `kernelRows`), in the scope that it is called in.
 * @param images [count, side, side].
 */
export function runConvolutions(
  operations: Operations,
  readKernels: () => readonly Tensor[],
  images: Float32Array,
  count: number,
  side: number,
  { forGradients }: { readonly forGradients: boolean },
): ConvolutionRun {
  const g = (side + 1) / 4;
  const records: LayerRecord[] = [];
  const features = operations.tidy(() => {
    const { keep, tanh, matMul, add, slice } = operations;
    const kernels = readKernels();
    const remember = (record: LayerRecord) => {
      if (forGradients) records.push({ patches: keep(record.patches), y: keep(record.y) });
    };

    const patches = operations.tensor(patchesOfImages(images, count, side), [planes.length * g * g * count, patchWidth]);
    let y = tanh(matMul(patches, kernels[0]!)); // [4 g g images, F]
    remember({ patches, y });

    kernels.slice(1).forEach((kernel, index) => {
      const grid = g >> index;
      const seen = gatherPatches(operations, index === 0 ? y : intoPlanes(operations, y, grid, count), grid, count);
      const { weights, bias } = splitKernel(operations, kernel);
      y = tanh(add(matMul(seen, weights), bias)); // [(grid - 1) grid images, F]
      remember({ patches: seen, y });
    });
    return keep(slice(y, [0, 0], [count, y.shape[1]!]));
  });

  return {
    features,
    differentiate: (dFeatures) => differentiate(operations, readKernels(), records, dFeatures, g, count),
    dispose: () => {
      for (const tensor of [features, ...records.flatMap(({ patches, y }) => [patches, y])]) operations.dispose(tensor);
    },
  };
}

function differentiate(
  operations: Operations,
  kernels: readonly Tensor[],
  records: readonly LayerRecord[],
  dFeatures: Tensor,
  g: number,
  count: number,
): Tensor[] {
  const { keep, tidy, tanhGradient, matMul, sumRows, concat, pad } = operations;
  const gradients: Tensor[] = [];
  // Behind the one pixel of the last layer lies one that no image has.
  let dy = pad(dFeatures, [
    [0, count],
    [0, 0],
  ]);
  for (let layer = kernels.length - 1; layer >= 1; layer--) {
    const { patches, y } = records[layer]!;
    const grid = g >> (layer - 1);
    dy = tidy(() => {
      const da = tanhGradient(y, dy);
      gradients[layer] = keep(concat([matMul(patches, da, true), sumRows(da)], 0));
      const dPlanes = scatterPatches(operations, kernels[layer]!, da, grid, count);
      return keep(layer === 1 ? dPlanes : outOfPlanes(operations, dPlanes, grid, count));
    });
  }
  const { patches, y } = records[0]!;
  gradients[0] = tidy(() => keep(matMul(patches, tanhGradient(y, dy), true)));
  return gradients;
}

function splitKernel({ slice }: Operations, kernel: Tensor): { weights: Tensor; bias: Tensor } {
  const [rows, features] = kernel.shape as [number, number];
  return { weights: slice(kernel, [0, 0], [rows - 1, features]), bias: slice(kernel, [rows - 1, 0], [1, features]) };
}

/**
 * What each pixel sees: its nine taps side by side.
 * @param y in planes, [4 g g images, F].
 * @returns [(g - 1) g images, 9 F]. A row of pixels has g of them, of which the last is none of the image: what it sees means nothing, and nothing
 * reads what becomes of it.
 */
function gatherPatches({ slice, concat }: Operations, y: Tensor, g: number, count: number): Tensor {
  const features = y.shape[1]!;
  const seenByTaps = planes.flatMap((plane, index) =>
    plane.taps.map((tap) => slice(y, [(index * g * g + tapShift(tap, g)) * count, 0], [(g - 1) * g * count, features])),
  );
  return concat(seenByTaps, 1);
}

/**
 * The way back through `gatherPatches` and the product after it: a plane's pixel adds up what the taps that see it pass back.
 * @param da [(g - 1) g images, F]; zero where there is no pixel.
 * @returns ∂loss/∂y in planes, [4 g g images, F].
 */
function scatterPatches(
  { pad, slice, concat, reshape, transpose, matMul }: Operations,
  kernel: Tensor,
  da: Tensor,
  g: number,
  count: number,
) {
  const features = da.shape[1]!;
  const [rows] = kernel.shape as [number];
  const inputs = (rows - 1) / taps.length;
  // Each tap's weights transposed, tap after tap: [9 F, inputs].
  const ofTaps = reshape(slice(kernel, [0, 0], [rows - 1, features]), [taps.length, inputs, features]);
  const transposed = reshape(transpose(ofTaps, [0, 2, 1]), [taps.length * features, inputs]);

  // Moved by a tap's shift, rows come in from before the first pixel and from behind the last one.
  const farthest = (g + 1) * count;
  const wide = pad(da, [
    [farthest, g * count],
    [0, 0],
  ]);
  const moved = planes.map((plane) => {
    const parts = plane.taps.map((tap) => slice(wide, [farthest - tapShift(tap, g) * count, 0], [g * g * count, features]));
    return concat(parts, 1);
  });
  let tap = 0;
  const dPlanes = planes.map((plane, index) => {
    const weights = slice(transposed, [tap * features, 0], [plane.taps.length * features, inputs]);
    tap += plane.taps.length;
    return matMul(moved[index]!, weights);
  });
  return concat(dPlanes, 0);
}

/** [(2 h - 1) 2 h images, F], row after row, into planes [4 h h images, F]. */
function intoPlanes({ pad, reshape, transpose }: Operations, y: Tensor, h: number, count: number): Tensor {
  const features = y.shape[1]!;
  const square = pad(y, [
    [0, 2 * h * count],
    [0, 0],
  ]);
  const byParity = transpose(reshape(square, [h, 2, h, 2, count * features]), [1, 3, 0, 2, 4]);
  return reshape(byParity, [4 * h * h * count, features]);
}

/** The way back through `intoPlanes`. */
function outOfPlanes({ slice, reshape, transpose }: Operations, dPlanes: Tensor, h: number, count: number): Tensor {
  const features = dPlanes.shape[1]!;
  const square = transpose(reshape(dPlanes, [2, 2, h, h, count * features]), [2, 0, 3, 1, 4]);
  return slice(reshape(square, [4 * h * h * count, features]), [0, 0], [(2 * h - 1) * 2 * h * count, features]);
}
