/** One alpha a connection: rows Z = u ∘ y(t-1) times alpha, all rows of a step in one product. */
import type { Tensor } from '../backend/operations.ts';
import type { DriveContext, TermDrive } from './drive.ts';
import type { ColumnMatrix } from './column-matrix.ts';
import type { ProductGradient } from './product-gradient.ts';

/** @param gradient gathers the products' operands for ∂loss/∂alpha. */
export function createFreeDrive({ operations, batch, width }: DriveContext, alpha: ColumnMatrix, gradient: ProductGradient): TermDrive {
  const { matMul, matMulTransposed, multiply, reshape, slice, sumRows } = operations;
  /** R of the steps whose rows are used again, and ∂loss/∂R for the step before, by `keepAs`. */
  const keptProducts = new Map<string, Tensor>();
  const keptGradients = new Map<string, Tensor>();
  const saved = new Map<number, { products: Tensor; operands: Tensor | undefined }>();

  return {
    forward: (step, table, previous, weights) => {
      const columns = step.columns.end - step.columns.start;
      const fresh = step.rows - step.kept;
      const parts: Tensor[] = [];
      let operands: Tensor | undefined;
      if (step.keepAs !== undefined && step.kept > 0) parts.push(keptProducts.get(step.keepAs)!);
      if (fresh > 0) {
        operands = operations.keep(reshape(multiply(table.slice(step.kept, step.rows), previous), [fresh * batch, width])); // Z [fresh·B, width]
        parts.push(reshape(matMul(operands, alpha.columns(step.columns)), [fresh, batch * columns]));
      }
      const products = operations.keep(parts.length === 1 ? parts[0]! : operations.concat(parts, 0)); // R [rows, B·columns]
      if (step.keepAs !== undefined) keptProducts.set(step.keepAs, products);
      saved.set(step.step, { products, operands });
      return sumRows(multiply(weights, products));
    },

    backward: (step, table, previous, weights, d) => {
      const columns = step.columns.end - step.columns.start;
      const { products, operands } = saved.get(step.step)!;
      let dProducts = multiply(weights, d); // [rows, B·columns]
      const later = step.keepAs === undefined ? undefined : keptGradients.get(step.keepAs);
      if (later) dProducts = operations.add(dProducts, later);
      if (step.keepAs !== undefined && step.kept > 0) {
        keptGradients.set(step.keepAs, operations.keep(slice(dProducts, [0, 0], [step.kept, batch * columns])));
      }
      const fresh = step.rows - step.kept;
      if (operands) {
        const dFresh = fresh === step.rows ? dProducts : slice(dProducts, [step.kept, 0], [fresh, batch * columns]);
        gradient.add(operands, operations.keep(reshape(dFresh, [fresh * batch, columns])), step.columns);
      }
      const dWeights = multiply(products, d);
      const { start, end } = step.learnedRows;
      if (end <= start) return { dWeights, dRows: undefined, dRowsRange: step.learnedRows, dPrevious: undefined };
      const learned = reshape(slice(dProducts, [start, 0], [end - start, batch * columns]), [(end - start) * batch, columns]);
      const dOperands = reshape(matMulTransposed(learned, alpha.transposed(step.columns)), [end - start, batch * width]); // dZ
      return {
        dWeights,
        dRows: multiply(dOperands, previous),
        dRowsRange: step.learnedRows,
        dPrevious: step.previousIsGiven ? undefined : sumRows(multiply(dOperands, table.slice(start, end))),
      };
    },
  };
}
