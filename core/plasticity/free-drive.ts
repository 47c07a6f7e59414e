/** One alpha a connection: rows Z = x ∘ y(t-1) times alpha, all new rows of a step in one product. */
import { scatter } from './table.ts';
import { rowsOf, view } from './views.ts';
import type { Tensor } from '../backend/operations.ts';
import type { ColumnMatrix } from './column-matrix.ts';
import type { DriveContext, TermDrive } from './drive.ts';
import type { ComputingStep } from './plan.ts';
import type { ProductGradient } from './product-gradient.ts';
import type { RuleRun } from './rule.ts';

/**
 * @param rule gives the left factors.
 * @param gradient gathers the products' operands for ∂loss/∂alpha.
 */
export function createFreeDrive(
  { operations, batch, width }: DriveContext,
  rule: RuleRun,
  alpha: ColumnMatrix,
  gradient: ProductGradient,
): TermDrive {
  const { concat, keep, matMul, matMulTransposed, multiply, sumRows } = operations;
  /** R of each step, [rows, B · columns], arranged as its `order`, and the operands Z of its new rows, [fresh · B, width]. */
  const products = new Map<number, Tensor>();
  const operands = new Map<number, Tensor>();
  /** By `keepAs`: R of the last step with this key; then ∂loss/∂R for the one before. */
  const keptProducts = new Map<string, Tensor>();
  const keptGradients = new Map<string, Tensor>();
  /** By step: parts of ∂loss/∂R that later steps have for single places of it. */
  const placeGradients = new Map<number, { at: number; gradient: Tensor }[]>();
  const columnCount = ({ columns }: ComputingStep) => columns.end - columns.start;

  const multiplyFresh = (step: ComputingStep, rows: Tensor, previous: Tensor) => {
    const count = step.fresh.length;
    const operand = keep(view(operations, multiply(rows, previous), count * batch, width)); // Z
    operands.set(step.step, operand);
    return view(operations, matMul(operand, alpha.columns(step.columns)), count, batch * columnCount(step));
  };

  /** ∂loss/∂R of a step: its own, what the next step with the same y(t-1) has for it, and single places that others used. */
  const gatherGradient = (step: ComputingStep, own: Tensor) => {
    const parts = [own];
    const later = step.keepAs === undefined ? undefined : keptGradients.get(step.keepAs);
    if (later) parts.push(later);
    const places = placeGradients.get(step.step);
    if (places) {
      const rows = concat(
        places.map((place) => place.gradient),
        0,
      );
      const at = places.map((place) => place.at);
      parts.push(scatter(operations, rows, at, step.order.length));
    }
    return parts.length === 1 ? own : operations.addAll(parts);
  };

  return {
    forward: (step, previous, weights) => {
      const parts: Tensor[] = [];
      if (step.kept > 0) parts.push(keptProducts.get(step.keepAs!)!);
      for (const { step: at, at: row } of step.known) parts.push(rowsOf(operations, products.get(at)!, row, row + 1));
      if (step.fresh.length > 0) parts.push(multiplyFresh(step, rule.leftFactors(step), previous));
      const all = keep(parts.length === 1 ? parts[0]! : concat(parts, 0)); // R [rows, B·columns]
      products.set(step.step, all);
      if (step.keepAs !== undefined) keptProducts.set(step.keepAs, all);
      return sumRows(multiply(weights, all));
    },

    backward: (step, previous, weights, d) => {
      const all = products.get(step.step)!;
      const dProducts = gatherGradient(step, multiply(weights, d)); // [rows, B·columns]
      const freshStart = step.kept + step.known.length;
      if (step.kept > 0) keptGradients.set(step.keepAs!, keep(rowsOf(operations, dProducts, 0, step.kept)));
      step.known.forEach(({ step: source, at }, index) => {
        const row = keep(rowsOf(operations, dProducts, step.kept + index, step.kept + index + 1));
        placeGradients.set(source, [...(placeGradients.get(source) ?? []), { at, gradient: row }]);
      });
      const dWeights = multiply(all, d);
      const operand = operands.get(step.step);
      if (operand) {
        const dFresh = rowsOf(operations, dProducts, freshStart, step.order.length);
        gradient.add(operand, keep(view(operations, dFresh, step.fresh.length * batch, columnCount(step))), step.columns);
      }
      const { start, end } = step.learned;
      if (end <= start) return { dWeights, dTable: undefined, dPrevious: undefined };
      const learned = view(
        operations,
        rowsOf(operations, dProducts, freshStart + start, freshStart + end),
        (end - start) * batch,
        columnCount(step),
      );
      const dOperand = view(operations, matMulTransposed(learned, alpha.transposed(step.columns)), end - start, batch * width); // dZ
      return {
        dWeights,
        dTable: rule.leftFactorGradient(step, multiply(dOperand, previous)),
        // Where y(t-1) is computed, all new rows are learned.
        dPrevious: step.previousIsGiven ? undefined : sumRows(multiply(dOperand, rule.leftFactors(step))),
      };
    },
  };
}
