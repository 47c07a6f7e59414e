/** Hebb: hebb(t+1) = (1-eta) hebb(t) + eta y(t-1)ᵀ y(t). G = C · A with C the table of coefficients and A the table of activations. */
import { hebbCoefficients, hebbDecays, hebbDecaySlope } from './coefficients.ts';
import { widen } from './table.ts';
import type { Tensor } from '../backend/operations.ts';
import type { TermSum } from './plan.ts';
import type { EtaGradient, RuleContext, RuleRun } from './rule.ts';

export function createHebbRun({ operations, chunk, table, batch, width, eta }: RuleContext): RuleRun {
  const decays = hebbDecays(chunk.last + 1 - chunk.first, eta);
  const etaGradients: EtaGradient[] = [];
  const remember = (tensor: Tensor, factors: Float64Array) => etaGradients.push({ tensor: operations.keep(tensor), factors });
  const coefficients = (sum: TermSum, columns: number) => hebbCoefficients(chunk.terms, sum.step, decays, sum.order, columns);
  const upload = (matrix: Float64Array, rows: number, columns: number) => operations.tensor(new Float32Array(matrix), [rows, columns]);

  return {
    weights: (sum) => {
      const { values } = coefficients(sum, sum.values);
      return operations.matMul(upload(values, sum.order.length, sum.values), table.columns(sum.values, sum.columns));
    },
    traceFactor: (sum) => ({ kind: 'scalar', value: decays[sum.step - chunk.first]! }),
    gradient: (sum, dWeights, dFactor) => {
      if (dFactor) remember(dFactor, Float64Array.of(hebbDecaySlope(sum.step - chunk.first, decays)));
      if (!dWeights) return undefined;
      const { values, slopes } = coefficients(sum, sum.tableRows);
      remember(operations.matMul(dWeights, table.columns(sum.tableRows, sum.columns), false, true), slopes);
      const dTable = operations.matMul(upload(values, sum.order.length, sum.tableRows), dWeights, true);
      return widen(operations, dTable, batch, sum.columns, width);
    },
    etaGradients: () => etaGradients,
  };
}
