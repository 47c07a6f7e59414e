/** Loads the native binding of @tensorflow/tfjs-node-gpu, whose calls are TensorFlow's C API for eager execution. */
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
 * Loads the binding. Takes a quarter of a second and 300 MB, once a process.
 *
 * The package's own entry is passed by: it brings all of tfjs along, whose kernels nothing here calls (130 ms at every start), and needs two
 * helpers that Node 23 removed (tensorflow/tfjs#8609).
 * @throws Error as the module loader or the dynamic linker words it, when the binding or libtensorflow is not there.
 */
export function loadTensorflowBinding(): TensorflowBinding {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  loaded = require('@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node') as TensorflowBinding;
  return loaded;
}
