/** Tries a backend in a process of its own: a native library that crashes is a finding, not the end of the examination. */
import type { BackendReport } from '../../core/contract/backend-report.ts';
import { EngramError } from '../../core/contract/errors.ts';
import type { BackendName } from '../../core/contract/run-spec.ts';
import { askTrainer } from './start-trainer.ts';

/** @param entry the program that trainer processes run. */
export async function examineBackend(name: BackendName, entry: string): Promise<BackendReport> {
  try {
    const { backend } = await askTrainer({ job: 'doctor', backend: name }, { entry, precision: 'float32' });
    return backend ?? { name, works: false, devices: [], reason: 'there was no answer' };
  } catch (error) {
    if (!(error instanceof EngramError)) throw error;
    return { name, works: false, devices: [], reason: error.message };
  }
}
