/** Why a backend does not work and what to do about it, in a sentence each, from what packages and the system say. */
import type { BackendName } from './operations.ts';

export interface BackendFault {
  readonly reason: string;
  readonly advice?: string;
}

const advice: Readonly<Record<BackendName, string>> = {
  tensorflow: 'run `npm start -- setup`, which fetches TensorFlow and builds its binding where it can',
  webgpu: 'install the driver of the graphics card (on Linux with Vulkan, and the package libvulkan1)',
  wasm: 'run `npm ci` again: files of the package @tensorflow/tfjs-backend-wasm are missing or damaged',
  cpu: 'run `npm ci` again: files of the package @tensorflow/tfjs-backend-cpu are missing or damaged',
};

/** What native packages say when a part of them is not there, in many lines and paths. */
const known: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/native addon module .*can not be found|tfjs_binding\.node/is, 'its native binding has not been built'],
  [/(libtensorflow\S*): cannot open shared object/i, 'its library is not installed'],
  [/Cannot find (module|package) '(@tensorflow|webgpu)/i, 'its package is not installed'],
  [/dawn\.node/i, 'its native part does not exist for this system, or is not installed'],
];

/** @param error whatever was thrown while the backend was started. */
export function explainFault(name: BackendName, error: unknown): BackendFault {
  const message = error instanceof Error ? error.message : String(error);
  const reason = known.find(([pattern]) => pattern.test(message))?.[1] ?? message.split('\n').find((line) => line.trim() !== '') ?? message;
  return { reason, advice: advice[name] };
}
