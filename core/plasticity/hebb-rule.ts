/** Hebb: hebb(t+1) = (1-eta) hebb(t) + eta y(t-1)ᵀ y(t). G = C · A with C the table of coefficients and A the table of activations. */
import { hebbCoefficients, hebbDecay } from './coefficients.ts';
import { widen } from './table.ts';
import type { Tensor } from '../backend/operations.ts';
import type { TermSum } from './plan.ts';
import type { EtaGradient, RuleContext, RuleRun } from './rule.ts';

export function createHebbRun({ operations, chunk, table, batch, width, eta }: RuleContext): RuleRun {
  const etaGradients: EtaGradient[] = [];
  const coefficients = ({ step, rows, values }: TermSum, columns: number = values) =>
    hebbCoefficients(chunk.terms, step, eta, rows, columns);
  const upload = (matrix: Float64Array, rows: number, columns: number) => operations.tensor(Float32Array.from(matrix), [rows, columns]);
  const remember = (tensor: Tensor, factors: Float64Array) => etaGradients.push({ tensor: operations.keep(tensor), factors });

  return {
    weights: (sum) => {
      const matrix = coefficients(sum);
      return operations.matMul(upload(matrix.values, sum.rows, sum.values), table.columns(sum.values, sum.columns));
    },
    traceFactor: (sum) => ({ kind: 'scalar', value: hebbDecay(sum.step - chunk.first, eta).value }),
    gradient: (sum, dWeights, dFactor) => {
      if (dFactor) remember(dFactor, Float64Array.of(hebbDecay(sum.step - chunk.first, eta).slope));
      if (!dWeights) return undefined;
      remember(operations.matMul(dWeights, table.columns(sum.values, sum.columns), false, true), coefficients(sum).slopes);
      const wide = coefficients(sum, sum.tableRows);
      const dTable = operations.matMul(upload(wide.values, sum.rows, sum.tableRows), dWeights, true);
      return widen(operations, dTable, batch, sum.columns, width);
    },
    etaGradients: () => etaGradients,
  };
}
