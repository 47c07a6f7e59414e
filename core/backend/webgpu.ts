/** WebGPU in plain Node: Dawn (package `webgpu`) drives the graphics card through Vulkan, Metal or Direct3D; the kernels are tfjs's. */
import { enableProdMode } from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { create, globals } from 'webgpu';
import { createWebgpuOperations } from './webgpu-operations.ts';
import type { Backend } from './operations.ts';

export interface WebgpuBackend extends Backend {
  /** Whether the CPU plays the graphics card (llvmpipe, SwiftShader, WARP): right, but slow. */
  readonly isSoftware: boolean;
}

/** Limits that tfjs's kernels use to the full. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

/** Dawn is gone, and a device in use with it, as soon as its instance is collected. */
const instances = new Set<GPU>();

/**
 * The adapters' names. Dawn for Node tells them only in the message with which it refuses an unknown one; cards of one model share a
 * name and can't be told apart.
 */
export async function listWebgpuAdapters(): Promise<string[]> {
  try {
    await create(['adapter=(none of this name)']).requestAdapter();
    return [];
  } catch (error) {
    return [...String(error).matchAll(/backend: '\w+', name: '(.*)'/g)].map(([, name]) => name!);
  }
}

/**
 * @param adapterName one of `listWebgpuAdapters`; without it the one that the system prefers for performance.
 * @throws Error where there is no such adapter, or it gives no device.
 */
export async function createWebgpuBackend(adapterName?: string): Promise<WebgpuBackend> {
  const gpu = create(adapterName === undefined ? [] : [`adapter=${adapterName}`]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no graphics card with a Vulkan, Metal or Direct3D 12 driver that WebGPU can use');
  const { limits, info } = adapter;
  const device = await adapter.requestDevice({ requiredLimits: Object.fromEntries(wantedLimits.map((limit) => [limit, limits[limit]])) });
  instances.add(gpu);
  const operations = createWebgpuOperations(createTfjsBackend(gpu, device, info), watchForFaults(device));
  const { isFallbackAdapter } = info;
  const name = info.description || info.device || info.vendor;
  return {
    name: 'webgpu',
    device: isFallbackAdapter ? `CPU that plays a graphics card: ${name} (WebGPU)` : `GPU ${name} (WebGPU)`,
    isSoftware: isFallbackAdapter,
    operations,
    deterministic: false,
    dispose: () => {
      device.destroy();
      instances.delete(gpu);
    },
  };
}

/** What the device refused or died of, if anything: it does not throw, but leaves out what it can't do, and goes on. */
function watchForFaults(device: GPUDevice): () => string | undefined {
  let fault: string | undefined;
  device.addEventListener('uncapturederror', ({ error }) => (fault ??= error.message));
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') fault ??= message;
  });
  return () => fault;
}

/** tfjs looks for WebGPU where browsers have it, and only while it is being built; left there it would keep the process alive. */
function createTfjsBackend(gpu: GPU, device: GPUDevice, info: GPUAdapterInfo): WebGPUBackend {
  enableProdMode();
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  try {
    return new WebGPUBackend(device, info);
  } finally {
    Reflect.deleteProperty(globalThis.navigator, 'gpu');
  }
}
