/** One alpha for all connections: the bracket becomes alpha (u · y(t-1)), a dot product, and no N × N product is left (linear attention). */
import type { Tensor } from '../backend/operations.ts';
import type { DriveContext, TermDrive } from './drive.ts';

/** @param addAlphaGradient takes a part of ∂loss/∂alpha, any shape, to be summed. */
export function createYokedDrive(
  { operations, batch, width }: DriveContext,
  alpha: number,
  addAlphaGradient: (part: Tensor) => void,
): TermDrive {
  const { multiply, reshape, scale, sumLast, sumRows } = operations;
  const dotProducts = (rows: Tensor, previous: Tensor, count: number) => sumLast(reshape(multiply(rows, previous), [count, batch, width])); // [rows, B, 1]

  return {
    forward: ({ order, columns: { start, end } }, table, previous, weights) => {
      const rows = order.length;
      const dots = dotProducts(table.gather(order), previous, rows);
      const parts = multiply(reshape(weights, [rows, batch, end - start]), scale(dots, alpha));
      return sumRows(reshape(parts, [rows, batch * (end - start)]));
    },

    backward: (step, table, previous, weights, d) => {
      const rows = step.order.length;
      const columns = step.columns.end - step.columns.start;
      const activations = table.gather(step.order);
      const dots = dotProducts(activations, previous, rows);
      const dDots = sumLast(multiply(reshape(weights, [rows, batch, columns]), reshape(d, [1, batch, columns]))); // without alpha
      addAlphaGradient(operations.keep(multiply(dots, dDots)));
      const dWeights = reshape(multiply(scale(dots, alpha), reshape(d, [1, batch, columns])), [rows, batch * columns]);
      const scaled = scale(dDots, alpha);
      const spread = (row: Tensor, count: number) => reshape(multiply(scaled, reshape(row, [count, batch, width])), [rows, batch * width]);
      return {
        dWeights,
        dRows: spread(previous, 1),
        rows: step.order,
        dPrevious: step.previousIsGiven ? undefined : sumRows(spread(activations, rows)),
      };
    },
  };
}
