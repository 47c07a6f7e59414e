/** Any stored checkpoint of a run as a state that a training of it can take up to be looked at: those that hold weights alone, too. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import type { NamedArray, NamedArrays } from '../../core/files/named-arrays.ts';
import { decodeSafetensors } from '../../core/files/safetensors.ts';
import { joinKernels } from '../../core/networks/plastic-classifier.ts';
import type { TrainingState } from '../../core/training/training.ts';
import { decodeCheckpoint } from '../run-folder/checkpoint-file.ts';

/**
 * @param file as the journal names it, and `bytes` what it holds. @param template a state of the same training: what the file does not hold is
 * taken from it. What is returned may be a view of `bytes`.
 * @throws FailureError `checkpoint-damaged`.
 */
export async function decodeStoredState(bytes: Uint8Array, file: string, template: () => Promise<TrainingState>): Promise<TrainingState> {
  if (!file.endsWith('.weights.safetensors')) return decodeCheckpoint(bytes, true).saved;
  const { arrays, metadata } = decode(bytes, file);
  const iteration = Number(metadata['iteration']);
  const known = await template();
  return { arrays: complete(joinKernels(arrays), known.arrays), state: { ...known.state, iteration } };
}

/** Some of what a checkpoint's file holds: those of these names that are there. @throws as `readStored` and `decodeStoredState`. */
export async function readStoredArrays(folder: string, file: string, names: readonly string[]): Promise<NamedArrays> {
  return decode(await readStored(folder, file), file, names).arrays;
}

/** Moments are the template's; a number that people see as a matrix (a yoked alpha) becomes a number again. */
function complete(weights: NamedArrays, template: NamedArrays): NamedArrays {
  const entries = Object.entries(template).map(([name, known]): [string, NamedArray] => {
    const stored = weights[name];
    if (stored === undefined) return [name, known];
    if (known.dtype === 'F64') return [name, { ...known, data: Float64Array.of(stored.data[0]!) }];
    return [name, { ...known, data: stored.data }];
  });
  return Object.fromEntries(entries);
}

function decode(bytes: Uint8Array, file: string, only?: readonly string[]): ReturnType<typeof decodeSafetensors> {
  try {
    return decodeSafetensors(bytes, only);
  } catch (error) {
    throw new FailureError('checkpoint-damaged', `${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** @param file below `folder`. @throws InputError `unknown-checkpoint`. */
export async function readStored(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, file));
  } catch (error) {
    throw new InputError('unknown-checkpoint', `the checkpoint ${file} is not there any more`, { cause: error });
  }
}
