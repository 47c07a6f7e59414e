/** A checkpoint as one safetensors file that carries its own hash. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import type { TrainingState } from '../../core/training/training.ts';

const format = 'engram-checkpoint-1';

const stateSchema = z.strictObject({
  iteration: z.int().min(0),
  episodes: z.int().min(0),
  /** Seconds of training so far. */
  seconds: z.number().min(0),
  opaque: z.unknown(),
});

export interface Checkpoint {
  readonly saved: TrainingState;
  readonly seconds: number;
}

/** The file, and the hash of its content that it carries. */
export function encodeCheckpoint({ saved, seconds }: Checkpoint): { bytes: Uint8Array; sha256: string } {
  const { iteration, episodes, opaque } = saved.state;
  const state = JSON.stringify({ iteration, episodes, seconds, opaque });
  const sha256 = hashContent(saved.arrays, state);
  return { bytes: encodeSafetensors(saved.arrays, { format, state, sha256 }), sha256 };
}

/** @param inPlace as of `decodeSafetensors`. @throws FailureError `checkpoint-damaged`, saying in what way. */
export function decodeCheckpoint(bytes: Uint8Array, inPlace = false): Checkpoint & { readonly sha256: string } {
  const { arrays, metadata } = decode(bytes, inPlace);
  if (metadata['format'] !== format) throw damaged('it is not a checkpoint of this version');
  const state = metadata['state'] ?? '';
  const sha256 = hashContent(arrays, state);
  if (sha256 !== metadata['sha256']) throw damaged('its content does not fit its hash');
  const { iteration, episodes, seconds, opaque } = stateSchema.parse(JSON.parse(state));
  return { saved: { arrays, state: { iteration, episodes, opaque } }, seconds, sha256 };
}

/** SHA-256 over every array's name, type, shape and bytes, in the order of names, and `text`. */
export function hashContent(arrays: NamedArrays, text: string): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(arrays).sort()) {
    const { dtype, shape, data } = arrays[name]!;
    hash.update(JSON.stringify([name, dtype, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.update(text).digest('hex');
}

function decode(bytes: Uint8Array, inPlace: boolean): ReturnType<typeof decodeSafetensors> {
  try {
    return decodeSafetensors(bytes, undefined, inPlace);
  } catch (error) {
    // Too little memory for it, say, is no fault of the file.
    throw error instanceof InputError ? damaged(error.message, error) : error;
  }
}

function damaged(reason: string, cause?: unknown): FailureError {
  return new FailureError('checkpoint-damaged', reason, { cause });
}
