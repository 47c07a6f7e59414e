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
 * @param batch every product has at least that many rows.
 */
export function createColumnMatrix(operations: Operations, matrix: Tensor, batch: number): ColumnMatrix {
  const [rows, width] = matrix.shape as [number, number];
  const slices = new Map<number, Tensor>();
  const flipped = new Map<number, TransposedMatrix>();
  const columns = ({ start, end }: NeuronRange) => {
    if (end - start === width) return matrix;
    const known = slices.get(start * width + end) ?? operations.keep(operations.slice(matrix, [0, start], [rows, end - start]));
    slices.set(start * width + end, known);
    return known;
  };
  const transposed = (range: NeuronRange): TransposedMatrix => {
    const { start, end } = range;
    const key = start * width + end;
    let known = flipped.get(key);
    if (!known) {
      if (end - start === width) known = operations.transposed(matrix, batch);
      else {
        // Some columns are whole rows of the transpose, which lie together.
        const whole = transposed({ start: 0, end: width });
        known = whole.isTurned
          ? { ...whole, matrix: operations.slice(whole.matrix, [start, 0], [end - start, rows]) }
          : operations.transposed(columns(range), batch);
      }
      operations.keep(known.matrix);
      flipped.set(key, known);
    }
    return known;
  };
  return { columns, transposed };
}
