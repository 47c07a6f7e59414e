/** Names of devices, as far as a backend alone decides them: WebGPU's are the adapters' own. */
import { InputError } from './errors.ts';
import { suggestName } from './nearest-name.ts';
import type { BackendChoice } from './run-spec.ts';

const rules: Partial<Record<BackendChoice, { readonly pattern: RegExp; readonly names: string }>> = {
  tensorflow: { pattern: /^(cpu|gpu:\d+)$/, names: 'its devices are called cpu, gpu:0, gpu:1 and so on' },
  wasm: { pattern: /^cpu$/, names: 'its only device is called cpu' },
  cpu: { pattern: /^cpu$/, names: 'its only device is called cpu' },
};

/** @throws InputError `unknown-device` where the backend can have no device of this name on any machine. */
export function requireDeviceName(backend: BackendChoice, device: string | undefined): void {
  const rule = rules[backend];
  if (device === undefined || rule === undefined || rule.pattern.test(device)) return;
  throw refusal(backend, device, rule.names);
}

export function unknownDevice(backend: BackendChoice, device: string, known: readonly string[]): InputError {
  return refusal(backend, device, suggestName(device, known));
}

function refusal(backend: BackendChoice, device: string, remedy: string): InputError {
  return new InputError('unknown-device', `the ${backend} backend has no device "${device}": ${remedy}`);
}
