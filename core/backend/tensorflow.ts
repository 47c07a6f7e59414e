/** TensorFlow as a backend: each operation is one eager op of libtensorflow. */
import { availableParallelism } from 'node:os';
import { composeLstmCell, type ElementaryOperations } from './composed-lstm.ts';
import { loadTensorflowBinding } from './tensorflow-binding.ts';
import { createEager } from './tensorflow-eager.ts';
import { createTensorflowParameter } from './tensorflow-parameter.ts';
import type { OpAttribute, OutputHandle } from './tensorflow-binding.ts';
import type { Eager } from './tensorflow-eager.ts';
import type { Backend, Operations, Tensor } from './operations.ts';

/** @throws Error where the package, its binding or libtensorflow can't be loaded. */
export function createTensorflowBackend(): Backend {
  const binding = loadTensorflowBinding();
  const onGpu = binding.isUsingGpuDevice();
  const threads = Number(process.env['TF_NUM_INTRAOP_THREADS']) || availableParallelism();
  return {
    name: 'tensorflow',
    device: `${onGpu ? 'GPU 0' : `CPU, ${threads === 1 ? '1 thread' : `${threads} threads`}`} (TensorFlow ${binding.TF_Version})`,
    operations: createTensorflowOperations(createEager(binding), onGpu),
    deterministic: !onGpu,
    dispose: () => undefined,
  };
}

/** Below this many numbers a reduction's fixed cost counts more than how fast it reads. */
const smallReduction = 50_000;

/** From this many rows on oneDNN turns the matrix of a product a · bᵀ round each time, which costs as much as some fifty rows. */
const worthTurning = 4;

/** Of a · bᵀ with rows this long oneDNN computes up to so many at four times the speed. */
const longRow = 4096;
const fewLongRows = 15;

/** TensorFlow infers an op's types from its inputs and knows its defaults: every attribute left out saves microseconds, a thousand times an episode. */
const none: readonly OpAttribute[] = [];

function createTensorflowOperations(eager: Eager, onGpu: boolean): Operations {
  const { binding, run, scopes, flag, integers } = eager;
  const count = (value: number): OpAttribute[] => [{ name: 'N', type: binding.TF_ATTR_INT, value }, eager.typeAttribute('T')];
  const id = (tensor: Tensor) => (tensor as OutputHandle).id;
  const unary = (name: string) => (a: Tensor) => run(name, none, [id(a)]);
  const binary = (name: string) => (a: Tensor, b: Tensor) => run(name, none, [id(a), id(b)]);
  const multiply = binary('Mul');
  const identity = unary('Identity');
  const scale = (a: Tensor, factor: number) => scopes.tidy(() => scopes.keep(multiply(a, eager.upload(Float32Array.of(factor), []))));

  const slice = (a: Tensor, begin: readonly number[], size: readonly number[]) =>
    run('Slice', none, [id(a), integers(begin), integers(size)]);
  const keep = <Kept extends Tensor>(tensor: Kept): Kept => {
    scopes.keep(tensor as Tensor as OutputHandle);
    return tensor;
  };
  const concat = (tensors: readonly Tensor[], axis: number) =>
    tensors.length === 1 ? identity(tensors[0]!) : run('ConcatV2', count(tensors.length), [...tensors.map(id), integers([axis], [])]);

  // [transposeA][transposeB], built once: making attribute objects costs as much as a small product.
  const products = (name: string, flagA: string, flagB: string) => {
    const attributes = [
      [none, [flag(flagB, true)]],
      [[flag(flagA, true)], [flag(flagA, true), flag(flagB, true)]],
    ] as const;
    return (a: Tensor, b: Tensor, first = false, second = false) =>
      run(name, attributes[Number(first) as 0 | 1][Number(second) as 0 | 1], [id(a), id(b)]);
  };
  const plainMatMul = products('MatMul', 'transpose_a', 'transpose_b');
  const matMul = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor => {
    const [rows, length] = a.shape as [number, number];
    if (transposeA || !transposeB || rows <= fewLongRows || length < longRow) return plainMatMul(a, b, transposeA, transposeB);
    const half = Math.ceil(rows / 2);
    const part = (start: number, end: number) => matMul(slice(a, [start, 0], [end - start, length]), b, false, true);
    return scopes.tidy(() => keep(concat([part(0, half), part(half, rows)], 0)));
  };
  const transpose = (a: Tensor, permutation: readonly number[]) => run('Transpose', none, [id(a), integers(permutation)]);

  // [stride], built once.
  const convolutions = new Map<number, OpAttribute[]>();
  const convolution = (stride: number): OpAttribute[] => {
    const attributes = convolutions.get(stride) ?? [
      eager.typeAttribute('T'),
      { name: 'strides', type: binding.TF_ATTR_INT, value: [1, stride, stride, 1] },
      { name: 'padding', type: binding.TF_ATTR_STRING, value: 'VALID' },
    ];
    convolutions.set(stride, attributes);
    return attributes;
  };

  const keepDimensions = [flag('keep_dims', true)];
  const sum = (a: Tensor, axis: number) => run('Sum', keepDimensions, [id(a), integers([axis], [])]);
  const onesRows = new Map<number, number>();
  const onesRow = (length: number): number => {
    const known = onesRows.get(length) ?? binding.createTensor([1, length], binding.TF_FLOAT, new Float32Array(length).fill(1));
    onesRows.set(length, known);
    return known;
  };

  const dispose = (tensor: Tensor) => scopes.dispose(tensor as OutputHandle);
  const uninitialised = [eager.typeAttribute('dtype'), flag('init', false)];

  const operations: ElementaryOperations = {
    tensor: eager.upload,
    read: (tensors) => Promise.resolve(tensors.map((each) => binding.tensorDataSync(id(each)))),
    parameter: (values, shape) => createTensorflowParameter(eager, values, shape),
    tidy: scopes.tidy,
    growing: (capacity, columns) => {
      let matrix: Tensor = run('Empty', uninitialised, [integers([capacity, columns])]);
      let rows = 0;
      return {
        get rows() {
          return rows;
        },
        // Written where the matrix lies, whose other rows are not touched.
        append: (added) => {
          for (const part of added) {
            const places = Array.from({ length: part.shape[0]! }, (_, row) => rows + row);
            const written = keep(run('InplaceUpdate', none, [id(matrix), integers(places), id(part)]));
            dispose(matrix);
            matrix = written;
            rows += places.length;
          }
        },
        // A whole number of rows shares the matrix's memory.
        part: (start, end) => slice(matrix, [start, 0], [end - start, columns]),
      };
    },
    keep,
    dispose,
    liveTensors: eager.live,
    matMul,
    batchMatMul: products('BatchMatMulV2', 'adj_x', 'adj_y'),
    transposed: (b, rows = worthTurning) => {
      const isTurned = !onGpu && rows >= worthTurning;
      return { matrix: isTurned ? transpose(b, [1, 0]) : b, isTurned };
    },
    matMulTransposed: (a, { matrix, isTurned }) => matMul(a, matrix, false, !isTurned),
    convolve: (x, kernel, stride) => run('Conv2D', convolution(stride), [id(x), id(kernel)]),
    convolveInputGradient: (shape, kernel, dy, stride) =>
      run('Conv2DBackpropInput', convolution(stride), [integers(shape), id(kernel), id(dy)]),
    convolveKernelGradient: (x, shape, dy, stride) => run('Conv2DBackpropFilter', convolution(stride), [id(x), integers(shape), id(dy)]),
    add: binary('AddV2'),
    subtract: binary('Sub'),
    multiply,
    addAll: (tensors) => (tensors.length === 1 ? identity(tensors[0]!) : run('AddN', count(tensors.length), tensors.map(id))),
    scale,
    tanh: unary('Tanh'),
    tanhGradient: binary('TanhGrad'),
    // A product with ones reads a large operand at memory speed; TensorFlow's Sum over the first axis takes three times as long.
    sumRows: (a) => {
      const [rows, columns] = a.shape as [number, number];
      return rows * columns < smallReduction ? sum(a, 0) : run('MatMul', none, [onesRow(rows), id(a)]);
    },
    sumLast: (a) => sum(a, a.shape.length - 1),
    sumSquares: (a) => scopes.tidy(() => scopes.keep(run('Reshape', none, [scale(run('L2Loss', none, [id(a)]), 2).id, integers([1])]))),
    reshape: (a, shape) => run('Reshape', none, [id(a), integers(shape)]),
    slice,
    concat,
    pad: (a, paddings) => run('Pad', none, [id(a), integers(paddings.flat(), [paddings.length, 2])]),
    transpose,
  };
  return { ...operations, ...composeLstmCell(operations) };
}
