/** Matrices of as many rows, side by side in one. */

/** @param widths the matrices' columns. */
export function joinColumns(matrices: readonly Float32Array[], widths: readonly number[], rows: number): Float32Array {
  const joined = new Float32Array(rows * sumOf(widths));
  eachPiece(widths, rows, (at, from, to, width) => joined.set(matrices[at]!.subarray(from, from + width), to));
  return joined;
}

/** What `joinColumns` put together. */
export function splitColumns(joined: Float32Array | Float64Array, widths: readonly number[], rows: number): Float64Array[] {
  const matrices = widths.map((width) => new Float64Array(rows * width));
  eachPiece(widths, rows, (at, to, from, width) => matrices[at]!.set(joined.subarray(from, from + width), to));
  return matrices;
}

/** Tells of each row of each matrix where it begins there, and where in the joined one. */
function eachPiece(
  widths: readonly number[],
  rows: number,
  tell: (matrix: number, apart: number, joined: number, width: number) => void,
): void {
  let joined = 0;
  for (let row = 0; row < rows; row++) {
    for (const [matrix, width] of widths.entries()) {
      tell(matrix, row * width, joined, width);
      joined += width;
    }
  }
}

const sumOf = (widths: readonly number[]) => widths.reduce((sum, width) => sum + width, 0);
