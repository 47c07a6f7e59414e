/** Loads @tensorflow/tfjs-node-gpu on a current Node and gives its native binding, whose calls are TensorFlow's C API for eager execution. */
import { createRequire } from 'node:module';

/** What the binding says of an op's output. */
export interface OutputHandle {
  readonly id: number;
  readonly shape: readonly number[];
}

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The part of the binding that Engram calls; ids name tensors inside TensorFlow. */
export interface TensorflowBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_Version: string;
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array;
  executeOp(name: string, attributes: readonly OpAttribute[], inputIds: readonly number[], outputs: number): OutputHandle[];
  isUsingGpuDevice(): boolean;
}

let loaded: TensorflowBinding | undefined;

/**
 * Loads the package. Takes about half a second and 350 MB, once a process.
 * @throws Error as the package or the dynamic linker words it, when the binding or libtensorflow is not there.
 */
export function loadTensorflowBinding(): TensorflowBinding {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  // tfjs-node 4.22 calls two helpers that Node 23 removed (tensorflow/tfjs#8609); its own fix was never released.
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
  // The package makes itself tfjs's current backend; another backend may since have taken that place, so it is asked for by name.
  const tf = require('@tensorflow/tfjs-node-gpu') as { findBackend(name: string): { binding: TensorflowBinding } };
  loaded = tf.findBackend('tensorflow').binding;
  return loaded;
}
