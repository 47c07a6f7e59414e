/** tfjs's WASM kernels in plain Node: SIMD, one thread, the same bits on every run. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findBackendFactory, getKernelsForBackend } from '@tensorflow/tfjs-core';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createWasmOperations } from './wasm-operations.ts';
import type { Backend } from './operations.ts';

/** One a process: tfjs's kernels are bound to the module that was set up last. */
let loading: Promise<BackendWasm> | undefined;

/** @throws Error where the WebAssembly files can't be loaded. */
export async function createWasmBackend(): Promise<Backend> {
  loading ??= loadKernels();
  return {
    name: 'wasm',
    device: 'CPU, 1 thread (WebAssembly)',
    operations: createWasmOperations(await loading),
    deterministic: true,
    dispose: () => undefined,
  };
}

async function loadKernels(): Promise<BackendWasm> {
  const packageMain = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(packageMain), '/'));
  const backend = await findBackendFactory('wasm')();
  if (!(backend instanceof BackendWasm))
    throw new Error('the package @tensorflow/tfjs-backend-wasm is another version than this was made for');
  for (const kernel of getKernelsForBackend('wasm')) kernel.setupFunc?.(backend);
  return backend;
}
