/** tfjs's WASM kernels in plain Node: SIMD, one thread, the same bits on every run. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { backend, setBackend } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createTfjsKernels, createTfjsOperations } from './tfjs-operations.ts';
import type { Backend } from './operations.ts';

/** @throws Error where the WebAssembly files can't be loaded. */
export async function createWasmBackend(): Promise<Backend> {
  const packageMain = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(packageMain), '/'));
  // Sets the kernels up for the module's memory; nothing else of tfjs's engine is used.
  if (!(await setBackend('wasm'))) throw new Error('the WebAssembly module could not be started');
  return {
    name: 'wasm',
    device: 'CPU, 1 thread (WebAssembly)',
    operations: createTfjsOperations(createTfjsKernels('wasm', backend()), true),
    deterministic: true,
    dispose: () => undefined,
  };
}
