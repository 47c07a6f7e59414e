/** Reads .npz files as `numpy.savez` and `numpy.savez_compressed` write them: a zip of .npy members. */
import { InputError } from '../contract/errors.ts';
import type { NamedArray, NamedArrays } from './named-arrays.ts';
import { decodeNpy } from './npy.ts';
import { suffix } from './npz-write.ts';
import { decodeZip } from './zip.ts';

/**
 * The arrays of an .npz file, compressed or not, copied out of `bytes`.
 * @throws InputError `npz-…` when the file breaks any rule of the formats, or holds what `decodeNpy` does not read.
 */
export function decodeNpz(bytes: Uint8Array): NamedArrays {
  const arrays = new Map<string, NamedArray>();
  for (const { name: member, content } of decodeZip(bytes)) {
    if (!member.endsWith(suffix))
      throw new InputError('npz-member', `not a valid npz file: its member ${JSON.stringify(member)} is not called ${suffix}`);
    const name = member.slice(0, -suffix.length);
    if (arrays.has(name)) throw new InputError('npz-duplicate', `not a valid npz file: it has two arrays ${JSON.stringify(name)}`);
    arrays.set(name, decodeNpy(name, content));
  }
  return Object.fromEntries(arrays);
}
