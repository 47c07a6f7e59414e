/** A learned matrix as products want it: some of its columns, and those transposed, each prepared once an episode. */
import type { Operations, Tensor, TransposedMatrix } from '../backend/operations.ts';
import type { NeuronRange } from './protocol.ts';

export interface ColumnMatrix {
  /** [width, columns]. */
  columns(range: NeuronRange): Tensor;
  /** The same, ready for products with its transpose. */
  transposed(range: NeuronRange): TransposedMatrix;
}

/**
 * Keeps what it prepares for the scope around the step's, so that it lives as long as the episode.
 * @param matrix [width, width].
 */
export function createColumnMatrix(operations: Operations, matrix: Tensor): ColumnMatrix {
  const [rows, width] = matrix.shape as [number, number];
  const slices = new Map<number, Tensor>();
  const flipped = new Map<number, TransposedMatrix>();
  const columns = ({ start, end }: NeuronRange) => {
    if (end - start === width) return matrix;
    const known = slices.get(start * width + end) ?? operations.keep(operations.slice(matrix, [0, start], [rows, end - start]));
    slices.set(start * width + end, known);
    return known;
  };
  return {
    columns,
    transposed: (range) => {
      const key = range.start * width + range.end;
      const known = flipped.get(key) ?? operations.transposed(columns(range));
      if (!flipped.has(key)) operations.keep(known.matrix);
      flipped.set(key, known);
      return known;
    },
  };
}
