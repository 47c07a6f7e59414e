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

/** From here on WebGPU finds the graphics card that the CPU plays, where `npm test` found no real one. */
export function emulateGraphics(): void {
  const driver = process.env['ENGRAM_EMULATED_GRAPHICS'];
  if (driver !== undefined) process.env['VK_DRIVER_FILES'] = driver;
}

/** @param options `emulated`: also a graphics card that the CPU plays, for tests that take no minutes there. */
export async function availableBackends({ emulated = false } = {}): Promise<{ name: string; backend: Backend }[]> {
  if (emulated) emulateGraphics();
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
