/** The backends that this machine has, for tests that must hold on each; says which ones are absent. */
import { createCpuBackend } from './cpu.ts';
import { createTensorflowBackend } from './tensorflow.ts';
import type { Backend } from './operations.ts';

export async function availableBackends(): Promise<{ name: string; backend: Backend }[]> {
  const found: { name: string; backend: Backend }[] = [];
  const creators: [string, () => Backend | Promise<Backend>][] = [
    ['tensorflow', createTensorflowBackend],
    ['cpu', createCpuBackend],
  ];
  for (const [name, create] of creators) {
    try {
      found.push({ name, backend: await create() });
    } catch (error) {
      console.log(`skipped on this machine: ${name} (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`);
    }
  }
  return found;
}
