/** Plain JavaScript through tfjs: needs nothing, works everywhere, slow. */
import { enableProdMode } from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { createTfjsKernels, createTfjsOperations } from './tfjs-operations.ts';
import type { Backend } from './operations.ts';

export function createCpuBackend(): Backend {
  // Without tfjs's advice to use something faster, which it prints at the first tensor.
  enableProdMode();
  return {
    name: 'cpu',
    device: 'CPU, 1 thread (JavaScript)',
    operations: createTfjsOperations(createTfjsKernels('cpu', new MathBackendCPU()), false),
    deterministic: true,
    dispose: () => undefined,
  };
}
