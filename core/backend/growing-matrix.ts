/** A matrix that grows where a backend has no memory of its own to write into: each time it is joined anew. */
import type { GrowingMatrix, Operations, Tensor } from './operations.ts';

export function joinAnew({ concat, dispose, keep, slice }: Pick<Operations, 'concat' | 'dispose' | 'keep' | 'slice'>): GrowingMatrix {
  let matrix: Tensor | undefined;
  return {
    get rows() {
      return matrix?.shape[0] ?? 0;
    },
    append: (added) => {
      const grown = keep(concat(matrix ? [matrix, ...added] : added, 0));
      if (matrix) dispose(matrix);
      matrix = grown;
    },
    part: (start, end) => {
      const [rows, columns] = matrix!.shape as [number, number];
      return start === 0 && end === rows ? matrix! : slice(matrix!, [start, 0], [end - start, columns]);
    },
  };
}
