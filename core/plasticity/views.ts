/** Reshapes and slices that cost nothing where they would change nothing, as most do for a single episode. The result may be the operand itself. */
import type { Operations, Tensor } from '../backend/operations.ts';

/** `tensor` in this shape. */
export function view(operations: Operations, tensor: Tensor, ...shape: readonly number[]): Tensor {
  const same = tensor.shape.length === shape.length && shape.every((length, axis) => length === tensor.shape[axis]);
  return same ? tensor : operations.reshape(tensor, shape);
}

/** Rows start..end-1 of a matrix. */
export function rowsOf(operations: Operations, matrix: Tensor, start: number, end: number): Tensor {
  const [rows, columns] = matrix.shape as [number, number];
  return start === 0 && end === rows ? matrix : operations.slice(matrix, [start, 0], [end - start, columns]);
}

/** Columns start..end-1 of a matrix. */
export function columnsOf(operations: Operations, matrix: Tensor, start: number, end: number): Tensor {
  const [rows, columns] = matrix.shape as [number, number];
  return start === 0 && end === columns ? matrix : operations.slice(matrix, [0, start], [rows, end - start]);
}

/** A matrix with zero rows and columns around it. */
export function padMatrix(
  operations: Operations,
  matrix: Tensor,
  rows: readonly [number, number],
  columns: readonly [number, number],
): Tensor {
  return [...rows, ...columns].every((count) => count === 0) ? matrix : operations.pad(matrix, [rows, columns]);
}
