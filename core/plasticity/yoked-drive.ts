/** One alpha for all connections: the bracket becomes alpha (u · y(t-1)), a dot product, and no N × N product is left (linear attention). */
import { activationRows } from './mixture.ts';
import { scatter } from './table.ts';
import type { Tensor } from '../backend/operations.ts';
import type { DriveContext, TermDrive } from './drive.ts';
import type { Table } from './table.ts';

/** @param addAlphaGradient takes a part of ∂loss/∂alpha, any shape, to be summed. */
export function createYokedDrive(
  { operations, batch, width }: DriveContext,
  table: Table,
  alpha: number,
  addAlphaGradient: (part: Tensor) => void,
): TermDrive {
  const { multiply, reshape, scale, sumLast, sumRows } = operations;
  const dotProducts = (rows: Tensor, previous: Tensor, count: number) => sumLast(reshape(multiply(rows, previous), [count, batch, width])); // [rows, B, 1]

  return {
    forward: ({ order, columns: { start, end } }, previous, weights) => {
      const rows = order.length;
      const dots = dotProducts(table.gather(activationRows(order)), previous, rows);
      const parts = multiply(reshape(weights, [rows, batch, end - start]), scale(dots, alpha));
      return sumRows(reshape(parts, [rows, batch * (end - start)]));
    },

    backward: (step, previous, weights, d) => {
      const rows = step.order.length;
      const columns = step.columns.end - step.columns.start;
      const order = activationRows(step.order);
      const activations = table.gather(order);
      const dots = dotProducts(activations, previous, rows);
      const dDots = sumLast(multiply(reshape(weights, [rows, batch, columns]), reshape(d, [1, batch, columns]))); // without alpha
      addAlphaGradient(operations.keep(multiply(dots, dDots)));
      const dWeights = reshape(multiply(scale(dots, alpha), reshape(d, [1, batch, columns])), [rows, batch * columns]);
      const scaled = scale(dDots, alpha);
      const spread = (row: Tensor, count: number) => reshape(multiply(scaled, reshape(row, [count, batch, width])), [rows, batch * width]);
      return {
        dWeights,
        dTable: scatter(operations, spread(previous, 1), order, step.tableRows),
        dPrevious: step.previousIsGiven ? undefined : sumRows(spread(activations, rows)),
      };
    },
  };
}
