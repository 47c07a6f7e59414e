/** The operations over any tfjs backend, from tfjs-core's public functions alone. WASM, WebGPU and the plain CPU share it. */
import * as tf from '@tensorflow/tfjs-core';
import { createScopes } from './scopes.ts';
import type { AdamStep, Operations, Parameter, ParameterValues, Tensor } from './operations.ts';

const native = (tensor: Tensor) => tensor as unknown as tf.Tensor;

/**
 * Operations on the tfjs backend that is current.
 * @param transposeFirst whether products with a transposed operand are slow there, so that operands are transposed explicitly.
 */
export function createTfjsOperations(transposeFirst: boolean): Operations {
  const scopes = createScopes<tf.Tensor>((handle) => handle.dispose());
  const track = (tensor: tf.Tensor) => scopes.track(tensor);
  // Two axes only: tfjs has a fast path for them.
  const flipped = (a: tf.Tensor, flip: boolean) => (flip ? tf.transpose(a, a.rank === 2 ? [1, 0] : [0, 2, 1]) : a);
  const product = (a: Tensor, b: Tensor, transposeA = false, transposeB = false) => {
    if (!transposeFirst) return track(tf.matMul(native(a), native(b), transposeA, transposeB));
    return track(tf.tidy(() => tf.matMul(flipped(native(a), transposeA), flipped(native(b), transposeB))));
  };
  const operations: Operations = {
    tensor: (values, shape) => track(tf.tensor(values, [...shape], 'float32')),
    read: (tensors) => Promise.all(tensors.map(async (each) => (await native(each).data<'float32'>()) as Float32Array)),
    parameter: (values, shape) => createTfjsParameter(values, shape, scopes.track),
    tidy: scopes.tidy,
    keep: (tensor) => {
      scopes.keep(native(tensor));
      return tensor;
    },
    dispose: (tensor) => scopes.dispose(native(tensor)),
    liveTensors: () => tf.memory().numTensors,
    matMul: product,
    batchMatMul: product,
    transposed: (b) => ({ matrix: transposeFirst ? track(flipped(native(b), true)) : b }),
    matMulTransposed: (a, b) => track(tf.matMul(native(a), native(b.matrix), false, !transposeFirst)),
    add: (a, b) => track(tf.add(native(a), native(b))),
    subtract: (a, b) => track(tf.sub(native(a), native(b))),
    multiply: (a, b) => track(tf.mul(native(a), native(b))),
    addAll: (tensors) =>
      track(tensors.length === 1 ? tf.clone(native(tensors[0]!)) : tf.tidy(() => tensors.map(native).reduce((sum, each) => tf.add(sum, each)))),
    scale: (a, factor) => track(tf.mul(native(a), factor)),
    tanh: (a) => track(tf.tanh(native(a))),
    tanhGradient: (y, dy) => track(tf.tidy(() => tf.mul(native(dy), tf.sub(1, tf.square(native(y)))))),
    sumRows: (a) => track(tf.sum(native(a), 0, true)),
    sumLast: (a) => track(tf.sum(native(a), -1, true)),
    sumSquares: (a) => track(tf.tidy(() => tf.reshape(tf.sum(tf.square(native(a))), [1]))),
    reshape: (a, shape) => track(tf.reshape(native(a), [...shape])),
    slice: (a, begin, size) => track(tf.slice(native(a), [...begin], [...size])),
    concat: (tensors, axis) => track(tensors.length === 1 ? tf.clone(native(tensors[0]!)) : tf.concat(tensors.map(native), axis)),
    pad: (a, paddings) => track(tf.pad(native(a), paddings.map(([before, after]) => [before, after] as [number, number]))),
    transpose: (a, permutation) => track(tf.transpose(native(a), [...permutation])),
  };
  return operations;
}

function createTfjsParameter(initial: ParameterValues, shape: readonly number[], track: (tensor: tf.Tensor) => tf.Tensor): Parameter {
  const upload = (values: Float32Array) => tf.tensor(values, [...shape], 'float32');
  const uploadAll = (values: ParameterValues) => [values.value, values.firstMoment, values.secondMoment].map(upload);
  let [value, first, second] = uploadAll(initial) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const replace = (next: readonly tf.Tensor[]) => {
    tf.dispose([value, first, second]);
    [value, first, second] = next as [tf.Tensor, tf.Tensor, tf.Tensor];
  };
  const adam = (gradient: Tensor, step: AdamStep) => {
    const g = native(gradient);
    const nextFirst = tf.tidy(() => tf.add(tf.mul(first, step.beta1), tf.mul(g, 1 - step.beta1)));
    const nextSecond = tf.tidy(() => tf.add(tf.mul(second, step.beta2), tf.mul(tf.square(g), 1 - step.beta2)));
    const next = tf.tidy(() => tf.sub(value, tf.div(tf.mul(nextFirst, step.stepSize), tf.add(tf.sqrt(nextSecond), step.epsilon))));
    replace([next, nextFirst, nextSecond]);
  };
  const read = async (tensor: tf.Tensor) => ((await tensor.data<'float32'>()) as Float32Array).slice();
  return {
    shape,
    value: () => track(tf.clone(value)),
    adam,
    read: async () => ({ value: await read(value), firstMoment: await read(first), secondMoment: await read(second) }),
    write: (values) => replace(uploadAll(values)),
    dispose: () => tf.dispose([value, first, second]),
  };
}
