/** How each backend is started and which devices it has. Packages are loaded only when their backend is asked for: some are native and may be absent. */
import { requireDeviceName, unknownDevice } from '../contract/device-names.ts';
import type { Backend, BackendName } from './operations.ts';

export interface Device {
  /** As `--device` takes it. */
  readonly name: string;
  readonly description: string;
}

/** A backend that has been started. */
export interface StartedBackend {
  readonly backend: Backend;
  /** The one in use first. */
  readonly devices: readonly Device[];
  /** Whether the CPU plays a graphics card: right, but slower than anything else. */
  readonly isEmulated: boolean;
}

/**
 * @throws InputError `unknown-device` where the backend has no device of this name; otherwise Error as the package or the system words
 * it where the backend does not work.
 */
export type StartBackend = (device: string | undefined) => Promise<StartedBackend>;

/** In the order in which `auto` tries them. */
export const backendNames = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const satisfies readonly BackendName[];

export const startBackend: Readonly<Record<BackendName, StartBackend>> = {
  tensorflow: startTensorflow,
  webgpu: startWebgpu,
  wasm: async (device) => {
    requireDeviceName('wasm', device);
    const { createWasmBackend } = await import('./wasm.ts');
    return onCpu(await createWasmBackend());
  },
  cpu: async (device) => {
    requireDeviceName('cpu', device);
    const { createCpuBackend } = await import('./cpu.ts');
    return onCpu(createCpuBackend());
  },
};

const onCpu = (backend: Backend): StartedBackend => ({
  backend,
  devices: [{ name: 'cpu', description: backend.device }],
  isEmulated: false,
});

/**
 * Devices: `gpu:0`, `gpu:1` … as the NVIDIA driver numbers them, and `cpu`. tfjs's binding knows only TensorFlow's first graphics card,
 * so the others are hidden from CUDA, which reads this variable when TensorFlow starts, once a process.
 */
async function startTensorflow(device: string | undefined): Promise<StartedBackend> {
  const { createTensorflowBackend } = await import('./tensorflow.ts');
  requireDeviceName('tensorflow', device);
  const card = device === undefined ? undefined : /^gpu:(\d+)$/.exec(device)?.[1];
  if (device !== undefined) process.env['CUDA_VISIBLE_DEVICES'] = card ?? '-1';
  const started = createTensorflowBackend();
  const onGpu = started.device.startsWith('GPU');
  if (card !== undefined && !onGpu) throw new Error(`TensorFlow can't use graphics card ${card}, or there is none`);
  const backend = card === undefined ? started : { ...started, device: started.device.replace('GPU 0', `GPU ${card}`) };
  const cpu = { name: 'cpu', description: onGpu ? 'CPU' : backend.device };
  return { backend, devices: onGpu ? [{ name: `gpu:${card ?? 0}`, description: backend.device }, cpu] : [cpu], isEmulated: false };
}

/** Devices: the adapters' names. */
async function startWebgpu(device: string | undefined): Promise<StartedBackend> {
  const { createWebgpuBackend, listWebgpuAdapters } = await import('./webgpu.ts');
  const adapters = await listWebgpuAdapters();
  if (device !== undefined && adapters.length > 0 && !adapters.includes(device)) throw unknownDevice('webgpu', device, adapters);
  const backend = await createWebgpuBackend(device);
  const inUse = adapters.find((name) => name === device) ?? adapters.find((name) => backend.device.includes(name)) ?? adapters[0] ?? 'gpu';
  const others = adapters.filter((name) => name !== inUse).map((name) => ({ name, description: name }));
  return { backend, devices: [{ name: inUse, description: backend.device }, ...others], isEmulated: backend.isSoftware };
}
