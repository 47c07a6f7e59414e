/**
 * The gradients of a convolution from slices and products, for backends whose own kernels for them are slow or missing: what each output sees of
 * the image is laid side by side, and the convolution is a product with it.
 */
import type { Operations, Tensor } from './operations.ts';

type Needed = Pick<Operations, 'matMul' | 'addAll' | 'reshape' | 'slice' | 'concat' | 'pad' | 'tidy' | 'keep'>;
type Gradients = Pick<Operations, 'convolveInputGradient' | 'convolveKernelGradient'>;

/** Sizes of a convolution; h and w are rounded up to whole strides. */
interface Geometry {
  readonly n: number;
  readonly c: number;
  readonly stride: number;
  /** Whole strides of the image, and outputs, down and across. */
  readonly strides: readonly [down: number, across: number];
  readonly outputs: readonly [down: number, across: number];
  /** Zeros that fill the last stride. */
  readonly missing: readonly [down: number, across: number];
  /** Where each tap's first pixel lies: [whole strides down, pixels further down, whole strides across, pixels further across]. */
  readonly taps: readonly (readonly [number, number, number, number])[];
}

export function composeConvolutionGradients(operations: Needed): Gradients {
  const { matMul, addAll, reshape, slice, concat, pad, tidy, keep } = operations;

  /** [n, h, w, c] → [outputs, k k c]. */
  const patchesOf = (x: Tensor, geometry: Geometry) => {
    const { n, c, stride, strides, outputs, missing, taps } = geometry;
    const whole = missing[0] + missing[1] === 0 ? x : pad(x, [[0, 0], [0, missing[0]], [0, missing[1]], [0, 0]]); // prettier-ignore
    const byStride = reshape(whole, [n, strides[0], stride, strides[1], stride, c]);
    const seen = taps.map((tap) => {
      const box = slice(byStride, [0, ...tap, 0], [n, outputs[0], 1, outputs[1], 1, c]);
      return reshape(box, [n * outputs[0] * outputs[1], c]);
    });
    return concat(seen, 1);
  };

  return {
    convolveKernelGradient: (x, shape, dy, stride) =>
      tidy(() => {
        const geometry = measure(x.shape, shape[0]!, stride);
        const features = shape[3]!;
        const dOutputs = reshape(dy, [geometry.n * geometry.outputs[0] * geometry.outputs[1], features]);
        return keep(reshape(matMul(patchesOf(x, geometry), dOutputs, true), shape));
      }),
    convolveInputGradient: (shape, kernel, dy, stride) =>
      tidy(() => {
        const geometry = measure(shape, kernel.shape[0]!, stride);
        const { n, c, strides, outputs, taps } = geometry;
        const features = kernel.shape[3]!;
        const rows = n * outputs[0] * outputs[1];
        const dPatches = matMul(reshape(dy, [rows, features]), reshape(kernel, [taps.length * c, features]), false, true);
        const parts = taps.map(([down, below, across, beside], tap) => {
          const box = reshape(slice(dPatches, [0, tap * c], [rows, c]), [n, outputs[0], 1, outputs[1], 1, c]);
          return pad(box, [
            [0, 0],
            [down, strides[0] - outputs[0] - down],
            [below, stride - 1 - below],
            [across, strides[1] - outputs[1] - across],
            [beside, stride - 1 - beside],
            [0, 0],
          ]);
        });
        const whole = reshape(addAll(parts), [n, strides[0] * stride, strides[1] * stride, c]);
        return keep(slice(whole, [0, 0, 0, 0], shape));
      }),
  };
}

function measure(shape: readonly number[], k: number, stride: number): Geometry {
  const [n, h, w, c] = shape as [number, number, number, number];
  const both = (of: (side: number) => number): readonly [number, number] => [of(h), of(w)];
  const strides = both((side) => Math.ceil(side / stride));
  const taps = Array.from({ length: k * k }, (_, tap) => {
    const [ky, kx] = [Math.floor(tap / k), tap % k];
    return [Math.floor(ky / stride), ky % stride, Math.floor(kx / stride), kx % stride] as const;
  });
  return {
    n,
    c,
    stride,
    strides,
    outputs: both((side) => Math.floor((side - k) / stride) + 1),
    missing: [strides[0] * stride - h, strides[1] * stride - w],
    taps,
  };
}
