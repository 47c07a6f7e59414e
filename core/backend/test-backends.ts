/** The backends that this machine has, for tests that must hold on each; says which ones are absent. */
import { createCpuBackend } from './cpu.ts';
import { createTensorflowBackend } from './tensorflow.ts';
import { createWasmBackend } from './wasm.ts';
import { createWebgpuBackend } from './webgpu.ts';
import type { Backend, BackendName } from './operations.ts';

const creators: Record<BackendName, () => Backend | Promise<Backend>> = {
  tensorflow: createTensorflowBackend,
  webgpu: () => createWebgpuBackend(),
  wasm: createWasmBackend,
  cpu: createCpuBackend,
};

export async function availableBackends(): Promise<{ name: string; backend: Backend }[]> {
  const found: { name: string; backend: Backend }[] = [];
  for (const [name, create] of Object.entries(creators)) {
    try {
      found.push({ name, backend: await create() });
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      console.log(`skipped on this machine: ${name} (${reason})`);
    }
  }
  return found;
}
