/** Arrays by name, with shapes: what the array files of every format hold. */

export type ArrayDtype = 'F32' | 'F64' | 'I32' | 'U8';

export interface NamedArray {
  readonly dtype: ArrayDtype;
  readonly shape: readonly number[];
  /** Row-major; its class fits `dtype`. */
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

export type NamedArrays = Readonly<Record<string, NamedArray>>;

export const arrayClasses = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U8: Uint8Array } as const;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function elementBytes(dtype: ArrayDtype): number {
  return arrayClasses[dtype].BYTES_PER_ELEMENT;
}

/** The array's memory as bytes, not copied. */
export function bytesOfArray({ data }: NamedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** @throws RangeError when an array's shape or class does not fit its dtype and length. */
export function checkArray(name: string, { dtype, shape, data }: NamedArray): void {
  if (!(data instanceof arrayClasses[dtype]))
    throw new RangeError(`array ${name} is said to be ${dtype}, but holds a ${data.constructor.name}`);
  if (elementCount(shape) !== data.length) throw new RangeError(`array ${name} of shape [${shape.join(', ')}] has ${data.length} elements`);
}
