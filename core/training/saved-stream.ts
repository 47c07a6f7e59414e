/** Random streams out of checkpoints. */
import { InputError } from '../contract/errors.ts';
import { restoreRandom, type RandomStream } from '../random.ts';
import type { TrainingState } from './training.ts';

/** @throws InputError `checkpoint-mismatch` where the checkpoint has no such stream. */
export function readStream({ state }: TrainingState, name: string): RandomStream {
  const saved = ((state.opaque ?? {}) as Readonly<Record<string, unknown>>)[name];
  try {
    if (Array.isArray(saved)) return restoreRandom(saved as number[]);
  } catch {
    // Said below.
  }
  throw new InputError('checkpoint-mismatch', `the checkpoint does not fit this training: it has no state of the random stream "${name}"`);
}
