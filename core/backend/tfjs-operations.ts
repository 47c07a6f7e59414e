/**
 * The operations over any tfjs backend. Kernels are called directly: tfjs's engine in between costs more than a small kernel, and knows
 * only one backend at a time.
 */
import { getKernel } from '@tensorflow/tfjs-core';
import { composeLstmCell, type ElementaryOperations } from './composed-lstm.ts';
import { createScopes } from './scopes.ts';
import { createTfjsParameter } from './tfjs-parameter.ts';
import { sizeOf } from './size-of.ts';
import { joinAnew } from './growing-matrix.ts';
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { Operations, Tensor } from './operations.ts';
import type { Scopes } from './scopes.ts';

type Attributes = Record<string, number | boolean | string | readonly number[] | readonly (readonly number[])[]>;

/** A backend's kernels by name, results owned by the innermost scope. */
export interface TfjsKernels {
  readonly scopes: Scopes<TensorInfo>;
  run(kernel: string, inputs: readonly Tensor[] | Record<string, Tensor>, attributes?: Attributes): TensorInfo;
  upload(values: Float32Array, shape: readonly number[]): TensorInfo;
  /** A tensor that was made another way. */
  adopt(tensor: TensorInfo): TensorInfo;
  read(tensor: Tensor): Promise<Float32Array>;
  /** Another name for the same memory. */
  share(tensor: Tensor): TensorInfo;
  live(): number;
}

export function createTfjsKernels(backendName: string, backend: KernelBackend): TfjsKernels {
  let live = 0;
  const scopes = createScopes<TensorInfo>((handle) => {
    backend.disposeData(handle.dataId);
    live--;
  });
  const track = (handle: TensorInfo) => {
    live++;
    return scopes.track(handle);
  };
  const functions = new Map<string, (parameters: object) => TensorInfo>();
  const find = (name: string) => {
    const kernel = getKernel(name, backendName);
    if (!(kernel as typeof kernel | undefined)) throw new RangeError(`the ${backendName} backend has no kernel ${name}`);
    const call = kernel.kernelFunc as unknown as (parameters: object) => TensorInfo;
    functions.set(name, call);
    return call;
  };
  return {
    scopes,
    run: (name, inputs, attrs = {}) => track((functions.get(name) ?? find(name))({ inputs, backend, attrs })),
    adopt: track,
    // Some backends keep the caller's array instead of copying it.
    upload: (values, shape) => track({ dataId: backend.write(values.slice(), [...shape], 'float32'), shape: [...shape], dtype: 'float32' }),
    read: async (tensor) => ((await backend.read((tensor as TensorInfo).dataId)) as Float32Array).slice(),
    share: (tensor) => {
      const handle = tensor as TensorInfo;
      backend.incRef(handle.dataId);
      return track({ ...handle });
    },
    live: () => live,
  };
}

/** @param plainProductsOnly whether products of transposed or batched operands are slow there, so that they are taken apart first. */
export function createTfjsOperations(kernels: TfjsKernels, plainProductsOnly: boolean): Operations {
  const { run, scopes, share, upload } = kernels;
  const binary = (kernel: string) => (a: Tensor, b: Tensor) => run(kernel, { a, b });
  const unary = (kernel: string) => (x: Tensor) => run(kernel, { x });
  const [add, subtract, multiply] = [binary('Add'), binary('Sub'), binary('Multiply')];
  const scoped = (body: () => TensorInfo) => scopes.tidy(() => scopes.keep(body()));
  const reshape = (x: Tensor, shape: readonly number[]) => run('Reshape', { x }, { shape });
  const slice = (x: Tensor, begin: readonly number[], size: readonly number[]) => run('Slice', { x }, { begin, size });
  const transpose = (x: Tensor, perm: readonly number[]) => run('Transpose', { x }, { perm });
  const sum = (x: Tensor, axis: number) => run('Sum', { x }, { axis, keepDims: true });
  const convolution = (stride: number) => ({ strides: [stride, stride], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] });
  const flipped = (a: Tensor, flip: boolean) => (flip ? transpose(a, [1, 0]) : a);
  const concat = (tensors: readonly Tensor[], axis: number) =>
    tensors.length === 1 ? share(tensors[0]!) : run('Concat', tensors, { axis });

  const product = (a: Tensor, b: Tensor, transposeA = false, transposeB = false) =>
    run('BatchMatMul', { a, b }, { transposeA, transposeB });
  const plainProduct = (a: Tensor, b: Tensor, transposeA = false, transposeB = false) =>
    scoped(() => product(flipped(a, transposeA), flipped(b, transposeB)));
  const batchOfPlainProducts = (a: Tensor, b: Tensor, transposeA = false, transposeB = false) =>
    scoped(() => {
      const part = (tensor: Tensor, index: number) => {
        const [, rows, columns] = tensor.shape as [number, number, number];
        return reshape(slice(tensor, [index, 0, 0], [1, rows, columns]), [rows, columns]);
      };
      const products = Array.from({ length: a.shape[0]! }, (_, index) =>
        plainProduct(part(a, index), part(b, index), transposeA, transposeB),
      );
      return concat(
        products.map((each) => reshape(each, [1, ...each.shape])),
        0,
      );
    });

  const keep = <Kept extends Tensor>(tensor: Kept): Kept => {
    scopes.keep(tensor as Tensor as TensorInfo);
    return tensor;
  };
  const dispose = (tensor: Tensor) => scopes.dispose(tensor as TensorInfo);

  const operations: ElementaryOperations = {
    tensor: upload,
    read: (tensors) => Promise.all(tensors.map(kernels.read)),
    parameter: (values, shape) => createTfjsParameter(kernels, values, shape),
    tidy: scopes.tidy,
    growing: () => joinAnew({ concat, dispose, keep, slice }),
    keep,
    dispose,
    liveTensors: kernels.live,
    matMul: plainProductsOnly ? plainProduct : product,
    batchMatMul: plainProductsOnly ? batchOfPlainProducts : product,
    transposed: (b) => ({ matrix: plainProductsOnly ? flipped(b, true) : b, isTurned: plainProductsOnly }),
    matMulTransposed: (a, { matrix, isTurned }) => product(a, matrix, false, !isTurned),
    convolve: (x, filter, stride) => run('Conv2D', { x, filter }, convolution(stride)),
    convolveInputGradient: (inputShape, filter, dy, stride) =>
      run('Conv2DBackpropInput', { dy, filter }, { ...convolution(stride), inputShape }),
    convolveKernelGradient: (x, filterShape, dy, stride) => run('Conv2DBackpropFilter', { x, dy }, { ...convolution(stride), filterShape }),
    add,
    subtract,
    multiply,
    addAll: (tensors) => (tensors.length === 1 ? share(tensors[0]!) : run('AddN', tensors)),
    scale: (a, factor) => scoped(() => multiply(a, upload(Float32Array.of(factor), []))),
    tanh: unary('Tanh'),
    tanhGradient: (y, dy) => scoped(() => subtract(dy, multiply(multiply(y, y), dy))),
    sumRows: (a) => sum(a, 0),
    sumLast: (a) => sum(a, a.shape.length - 1),
    sumSquares: (a) => scoped(() => reshape(sum(reshape(multiply(a, a), [1, sizeOf(a.shape)]), 1), [1])),
    reshape,
    slice,
    concat,
    pad: (x, paddings) => run('PadV2', { x }, { paddings, constantValue: 0 }),
    transpose,
  };
  return { ...operations, ...composeLstmCell(operations) };
}
