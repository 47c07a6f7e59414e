/** Named arrays as one .npz file, as `numpy.savez` writes and `numpy.load` reads it; on the page, too, and so without Node's own modules. */
import { InputError } from '../contract/errors.ts';
import { checkArray, type NamedArrays } from './named-arrays.ts';
import { encodeNpy } from './npy-write.ts';
import { encodeZip, zipLimit } from './zip-write.ts';

export const suffix = '.npy';

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
