/** tfjs's WASM kernels in plain Node: SIMD, one thread, the same bits on every run. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findBackendFactory, getKernelsForBackend } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createTfjsKernels, createTfjsOperations } from './tfjs-operations.ts';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import type { Backend } from './operations.ts';

/** One a process: tfjs's kernels are bound to the module that was set up last. */
let loading: Promise<KernelBackend> | undefined;

/** @throws Error where the WebAssembly files can't be loaded. */
export async function createWasmBackend(): Promise<Backend> {
  loading ??= loadKernels();
  return {
    name: 'wasm',
    device: 'CPU, 1 thread (WebAssembly)',
    operations: createTfjsOperations(createTfjsKernels('wasm', await loading), true),
    deterministic: true,
    dispose: () => undefined,
  };
}

async function loadKernels(): Promise<KernelBackend> {
  const packageMain = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(packageMain), '/'));
  const backend = await findBackendFactory('wasm')();
  for (const kernel of getKernelsForBackend('wasm')) kernel.setupFunc?.(backend);
  return backend;
}
