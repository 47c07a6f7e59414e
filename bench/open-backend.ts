/** A backend for a measurement, as a run would get it. */
import { chooseBackend } from '../core/backend/choose-backend.ts';
import type { Backend } from '../core/backend/operations.ts';
import type { Job } from './messages.ts';

/** @throws FailureError or InputError as `chooseBackend`. */
export function openBackend({ backend, precision }: Pick<Job, 'backend' | 'precision'>): Promise<Backend> {
  return chooseBackend({ backend, precision }, () => undefined);
}
