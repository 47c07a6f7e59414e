/** Named arrays as a file for other programs. */
import { encodeNpz } from '../../core/files/npz-write.ts';
import { encodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import { requireSpace } from '../run-folder/disk-space.ts';
import { prepareExport, writeExport } from './prepare-export.ts';
import { dirname } from 'node:path';

export type ArrayFormat = 'safetensors' | 'npz';

/**
 * @throws InputError `export-not-writable`, or `npz-too-large`; FailureError `disk-full`. An older file of this name is then untouched.
 */
export async function writeArrayFile(options: {
  readonly arrays: NamedArrays;
  readonly format: ArrayFormat;
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<{ bytes: number }> {
  const { arrays, format, to, signal } = options;
  prepareExport(to);
  const content = format === 'npz' ? encodeNpz(arrays) : encodeSafetensors(arrays);
  requireSpace(dirname(to), content.length, 'the file');
  await writeExport(to, content, signal);
  return { bytes: content.length };
}
