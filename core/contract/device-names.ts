/** Names of devices, as far as a backend alone decides them: WebGPU's are the adapters' own. */
import { InputError } from './errors.ts';
import { suggestName } from './nearest-name.ts';
import type { BackendChoice } from './run-spec.ts';

/** What it takes; the first ones stand for all in a message. */
const rules: Partial<Record<BackendChoice, { readonly pattern: RegExp; readonly known: readonly string[] }>> = {
  tensorflow: { pattern: /^(cpu|gpu:\d+)$/, known: ['cpu', 'gpu:0'] },
  wasm: { pattern: /^cpu$/, known: ['cpu'] },
  cpu: { pattern: /^cpu$/, known: ['cpu'] },
};

/** @throws InputError `unknown-device` where the backend can have no device of this name on any machine. */
export function requireDeviceName(backend: BackendChoice, device: string | undefined): void {
  const rule = rules[backend];
  if (device === undefined || rule === undefined || rule.pattern.test(device)) return;
  throw unknownDevice(backend, device, rule.known);
}

export function unknownDevice(backend: BackendChoice, device: string, known: readonly string[]): InputError {
  return new InputError('unknown-device', `the ${backend} backend has no device "${device}": ${suggestName(device, known)}`);
}
