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

/** Reads many blobs, one after another, into the same memory: what it gives is good until the next one is read. */
export function createBlobReader(): (blob: Uint8Array) => Float64Array {
  let numbers = new Float64Array();
  let bytes = new Uint8Array(numbers.buffer);
  return (blob) => {
    if (blob.byteLength !== bytes.byteLength) {
      numbers = new Float64Array(blob.byteLength / Float64Array.BYTES_PER_ELEMENT);
      bytes = new Uint8Array(numbers.buffer);
    }
    bytes.set(blob);
    return numbers;
  };
}

/** As a message carries them, for `unpackNumbers` of the contract. */
export function packNumbers(numbers: readonly number[]): string {
  return Buffer.from(new Float64Array(numbers).buffer).toString('base64');
}
