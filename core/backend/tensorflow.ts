/** TensorFlow as a backend: each operation is one eager op of libtensorflow. */
import { availableParallelism } from 'node:os';
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
  return {
    name: 'tensorflow',
    device: `${onGpu ? 'GPU 0' : `CPU, ${availableParallelism()} threads`} (TensorFlow ${binding.TF_Version})`,
    operations: createTensorflowOperations(createEager(binding)),
    deterministic: !onGpu,
    dispose: () => undefined,
  };
}

function createTensorflowOperations(eager: Eager): Operations {
  const { binding, run, scopes, flag, integers } = eager;
  const float = eager.typeAttribute('T');
  const floatOnly = [float];
  const count = (value: number): OpAttribute => ({ name: 'N', type: binding.TF_ATTR_INT, value });
  const id = (tensor: Tensor) => (tensor as OutputHandle).id;
  const unary = (name: string) => (a: Tensor) => run(name, floatOnly, [id(a)]);
  const binary = (name: string) => (a: Tensor, b: Tensor) => run(name, floatOnly, [id(a), id(b)]);
  const multiply = binary('Mul');
  const reshape = (a: Tensor, shape: readonly number[]) => run('Reshape', floatOnly, [id(a), integers(shape)]);
  const scale = (a: Tensor, factor: number) =>
    scopes.tidy(() => scopes.keep(multiply(a, eager.upload(Float32Array.of(factor), []))));

  // [transposeA][transposeB], built once: making attribute objects costs as much as a small product.
  const products = (name: string, flagA: string, flagB: string) => {
    const attributes = [false, true].map((first) => [false, true].map((second) => [flag(flagA, first), flag(flagB, second), float]));
    return (a: Tensor, b: Tensor, first = false, second = false) =>
      run(name, attributes[Number(first)]![Number(second)]!, [id(a), id(b)]);
  };
  const matMul = products('MatMul', 'transpose_a', 'transpose_b');

  const keepDimensions = [flag('keep_dims', true), float];
  const onesRows = new Map<number, number>();
  const onesRow = (length: number): number => {
    const known = onesRows.get(length) ?? binding.createTensor([1, length], binding.TF_FLOAT, new Float32Array(length).fill(1));
    onesRows.set(length, known);
    return known;
  };

  return {
    tensor: eager.upload,
    read: (tensors) => Promise.resolve(tensors.map((each) => binding.tensorDataSync(id(each)))),
    parameter: (values, shape) => createTensorflowParameter(eager, values, shape),
    tidy: scopes.tidy,
    keep: (tensor) => {
      scopes.keep(tensor as Tensor as OutputHandle);
      return tensor;
    },
    dispose: (tensor) => scopes.dispose(tensor as OutputHandle),
    liveTensors: eager.live,
    matMul,
    batchMatMul: products('BatchMatMulV2', 'adj_x', 'adj_y'),
    transposed: (b) => ({ matrix: b }),
    matMulTransposed: (a, b) => matMul(a, b.matrix, false, true),
    add: binary('AddV2'),
    subtract: binary('Sub'),
    multiply,
    addAll: (tensors) => run('AddN', [count(tensors.length), float], tensors.map(id)),
    scale,
    tanh: unary('Tanh'),
    tanhGradient: binary('TanhGrad'),
    // A product with ones reads its operand once, at memory speed; TensorFlow's Sum over the first axis is three times slower.
    sumRows: (a) => run('MatMul', [flag('transpose_a', false), flag('transpose_b', false), float], [onesRow(a.shape[0]!), id(a)]),
    sumLast: (a) => run('Sum', keepDimensions, [id(a), integers([a.shape.length - 1], [])]),
    sumSquares: (a) => scopes.tidy(() => scopes.keep(reshape(scale(run('L2Loss', floatOnly, [id(a)]), 2), [1]) as OutputHandle)),
    reshape,
    slice: (a, begin, size) => run('Slice', floatOnly, [id(a), integers(begin), integers(size)]),
    concat: (tensors, axis) =>
      tensors.length === 1 ? run('Identity', floatOnly, [id(tensors[0]!)]) : run('ConcatV2', [count(tensors.length), float], [...tensors.map(id), integers([axis], [])]),
    pad: (a, paddings) => run('Pad', floatOnly, [id(a), integers(paddings.flat(), [paddings.length, 2])]),
    transpose: (a, permutation) => run('Transpose', floatOnly, [id(a), integers(permutation)]),
  };
}
