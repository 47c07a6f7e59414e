/** Plain JavaScript through tfjs: needs nothing, works everywhere, slow. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createTfjsOperations } from './tfjs-operations.ts';
import type { Backend } from './operations.ts';

export async function createCpuBackend(): Promise<Backend> {
  await tf.setBackend('cpu');
  return {
    name: 'cpu',
    device: 'CPU, 1 thread (JavaScript)',
    operations: createTfjsOperations(false),
    deterministic: true,
    dispose: () => undefined,
  };
}
