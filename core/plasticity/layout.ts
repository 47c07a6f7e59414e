/** How neurons lie in memory: padded with silent ones to whole vector registers. */
import type { NeuronRange } from './protocol.ts';

/** Floats in the widest vector register (AVX-512); products are fastest in multiples of it. */
const register = 16;
/** Above this share of all neurons a product takes all columns: a narrower one would not be faster, and slicing the matrices costs a copy. */
const nearlyAll = 0.8;

/** The number of neurons as stored. */
export function paddedWidth(neurons: number): number {
  return Math.ceil(neurons / register) * register;
}

/** The columns to multiply for these neurons: whole registers, or all. */
export function productColumns(free: NeuronRange, width: number): NeuronRange {
  const start = Math.floor(free.start / register) * register;
  const end = Math.ceil(free.end / register) * register;
  return end - start > nearlyAll * width ? { start: 0, end: width } : { start, end };
}

/** [rows, from] → [rows, to] with zeros added, or columns dropped, at the end of each row; rows likewise to `toRows`. */
export function resizeMatrix(values: Float32Array, from: number, toRows: number, to: number): Float32Array {
  const rows = Math.min(values.length / from, toRows);
  const resized = new Float32Array(toRows * to);
  const columns = Math.min(from, to);
  for (let row = 0; row < rows; row++) resized.set(values.subarray(row * from, row * from + columns), row * to);
  return resized;
}
