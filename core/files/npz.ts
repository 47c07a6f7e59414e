/** Named arrays as one .npz file, as `numpy.savez` writes and `numpy.load` reads it: a zip of .npy members. */
import { InputError } from '../contract/errors.ts';
import { checkArray, type NamedArray, type NamedArrays } from './named-arrays.ts';
import { decodeNpy, encodeNpy } from './npy.ts';
import { decodeZip, encodeZip, zipLimit } from './zip.ts';

const suffix = '.npy';

/**
 * The arrays as one uncompressed file. The same arrays give the same bytes: members stand in the order of names.
 * @throws InputError `npz-too-large` for 4 GiB and more; RangeError when an array's shape or class does not fit its dtype and length.
 */
export function encodeNpz(arrays: NamedArrays): Uint8Array {
  const names = Object.keys(arrays).sort();
  const sum = names.reduce((bytes, name) => bytes + arrays[name]!.data.byteLength, 0);
  if (sum >= zipLimit)
    throw new InputError('npz-too-large', `the arrays take ${sum} bytes, and an npz file holds less than 4 GiB; safetensors holds more`);
  const members = names.map((name) => {
    const array = arrays[name]!;
    checkArray(name, array);
    return { name: `${name}${suffix}`, content: encodeNpy(array) };
  });
  return encodeZip(members);
}

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
