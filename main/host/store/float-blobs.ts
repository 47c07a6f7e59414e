/** Numbers as they lie in the database: float64, little-endian. */
import { endianness } from 'node:os';

if (endianness() !== 'LE') throw new Error('Engram needs a little-endian machine');

export function toBlob(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

export function fromBlob(blob: Uint8Array): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(blob.byteLength / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(numbers.buffer).set(blob);
  return numbers;
}
