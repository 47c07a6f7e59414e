/**
 * Layers of convolution by 3 × 3 with stride two and tanh, until one pixel is left: an image of 31 × 31 becomes 15, 7, 3, 1 (arXiv 1804.02464,
 * section 4.3). Gradients by hand.
 */
import type { Operations, Tensor } from '../backend/operations.ts';
import { InputError } from '../contract/errors.ts';

/** Pixels that each output sees. */
export const taps = 9;
const stride = 2;

/**
 * Layers that leave one pixel of an image.
 * @throws InputError `parameter-out-of-range` for a side that is not 7, 15, 31, 63, ….
 */
export function layersFor(side: number): number {
  const layers = Math.log2(side + 1) - 1;
  if (Number.isInteger(layers) && layers >= 2) return layers;
  throw new InputError('parameter-out-of-range', `an image's side must be one of 7, 15, 31, 63, …, not ${side}`);
}

/** Rows of a layer's kernel: [3, 3, inputs] in one, and the bias. */
export function kernelRows(layer: number, features: number): number {
  return taps * (layer === 0 ? 1 : features) + 1;
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
  const { tidy, keep, tensor, convolve, add, tanh, reshape, dispose } = operations;
  /** The images, and what each layer made of them: [count, side, side, inputs]. */
  const kept: Tensor[] = [];
  const compute = () =>
    tidy(() => {
      let x = tensor(images, [count, side, side, 1]);
      for (const kernel of readKernels()) {
        if (forGradients) kept.push(keep(x));
        const { weights, bias } = splitKernel(operations, kernel);
        const drive = convolve(x, weights, stride);
        x = reshape(tanh(add(asRows(operations, drive), bias)), drive.shape);
      }
      if (forGradients) kept.push(keep(x));
      return keep(asRows(operations, x));
    });
  let features: Tensor;
  try {
    features = compute();
  } catch (error) {
    // A layer that found no memory: nobody else knows of those before it.
    kept.forEach((tensor) => dispose(tensor));
    throw error;
  }

  return {
    features,
    differentiate: (dFeatures) => differentiate(operations, readKernels(), kept, dFeatures),
    dispose: () => [features, ...kept].forEach((tensor) => dispose(tensor)),
  };
}

/** @param layers what each layer was given, and at last the features. */
function differentiate(operations: Operations, kernels: readonly Tensor[], layers: readonly Tensor[], dFeatures: Tensor): Tensor[] {
  const { tidy, keep, concat, reshape, sumRows, tanhGradient, convolveKernelGradient, convolveInputGradient } = operations;
  const gradients: Tensor[] = [];
  let dy = dFeatures;
  for (let layer = kernels.length - 1; layer >= 0; layer--) {
    const [x, y] = [layers[layer]!, layers[layer + 1]!];
    dy = tidy(() => {
      const { weights } = splitKernel(operations, kernels[layer]!);
      const da = tanhGradient(y, reshape(dy, y.shape));
      const dWeights = reshape(convolveKernelGradient(x, weights.shape, da, stride), [taps * x.shape[3]!, y.shape[3]!]);
      gradients[layer] = keep(concat([dWeights, sumRows(asRows(operations, da))], 0));
      return layer === 0 ? dy : keep(convolveInputGradient(x.shape, weights, da, stride));
    });
  }
  return gradients;
}

function splitKernel({ slice, reshape }: Operations, kernel: Tensor): { weights: Tensor; bias: Tensor } {
  const [rows, features] = kernel.shape as [number, number];
  const weights = slice(kernel, [0, 0], [rows - 1, features]);
  return { weights: reshape(weights, [3, 3, (rows - 1) / taps, features]), bias: slice(kernel, [rows - 1, 0], [1, features]) };
}

/** [count, side, side, features] → [pixels, features]. */
function asRows({ reshape }: Operations, x: Tensor): Tensor {
  const [count, height, width, features] = x.shape as [number, number, number, number];
  return reshape(x, [count * height * width, features]);
}
