/** One array as NumPy's .npy as it is written; on the page, too, and so without Node's own modules. */
import { bytesOfArray, type ArrayDtype, type NamedArray } from './named-arrays.ts';

export const magic = '\x93NUMPY';
export const descriptions: Readonly<Record<ArrayDtype, string>> = { F32: '<f4', F64: '<f8', I32: '<i4', U8: '|u1' };
/** The data begins at a multiple of this, so that it can be mapped into memory. */
const alignment = 64;

/** Version 1.0, C order. */
export function encodeNpy(array: NamedArray): Uint8Array {
  const { dtype, shape } = array;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const fields = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const dataStart = Math.ceil((10 + fields.length + 1) / alignment) * alignment;
  const header = `${fields.padEnd(dataStart - 11)}\n`;
  const bytes = new Uint8Array(dataStart + array.data.byteLength);
  bytes.set(latin1(magic));
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(latin1(header), 10);
  bytes.set(bytesOfArray(array), dataStart);
  return bytes;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
