/** Hebb: hebb(t+1) = (1-eta) hebb(t) + eta y(t-1)ᵀ y(t). G = C · A and X = E · A with C, E tables of coefficients and A the table of activations. */
import { hebbCoefficients, hebbDecays, hebbDecaySlope, leftFactorCoefficients } from './coefficients.ts';
import { activationRows, isMixture } from './mixture.ts';
import { scatter, widen } from './table.ts';
import { rowsOf } from './views.ts';
import type { Tensor } from '../backend/operations.ts';
import type { TermSum } from './plan.ts';
import type { EtaGradient, RuleContext, RuleRun } from './rule.ts';

export function createHebbRun({ operations, chunk, table, batch, width, eta }: RuleContext): RuleRun {
  const decays = hebbDecays(chunk.last + 1 - chunk.first, eta);
  const etaGradients: EtaGradient[] = [];
  const remember = (tensor: Tensor, factors: Float64Array) => etaGradients.push({ tensor: operations.keep(tensor), factors });
  const coefficients = (sum: TermSum, columns: number) => hebbCoefficients(chunk.terms, sum.step, decays, sum.order, columns);
  /** By step: mixtures are evaluated once, for the way back too. */
  const mixed = new Map<number, Tensor>();
  const allColumns = { start: 0, end: width };
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
    leftFactors: (step) => {
      if (!step.fresh.some(isMixture)) return table.gather(activationRows(step.fresh));
      const known = mixed.get(step.step);
      if (known) return known;
      const { values } = leftFactorCoefficients(step.fresh, decays, step.tableRows);
      const factors = operations.matMul(upload(values, step.fresh.length, step.tableRows), table.columns(step.tableRows, allColumns));
      mixed.set(step.step, operations.keep(factors));
      return factors;
    },
    leftFactorGradient: (step, dFactors) => {
      const learned = step.fresh.slice(step.learned.start, step.learned.end);
      const firstMixture = learned.findIndex(isMixture);
      if (firstMixture < 0) return scatter(operations, dFactors, activationRows(learned), step.tableRows);
      const { values, slopes } = leftFactorCoefficients(learned, decays, step.tableRows);
      const dMixtures = rowsOf(operations, dFactors, firstMixture, learned.length);
      const dCoefficients = operations.matMul(dMixtures, table.columns(step.tableRows, allColumns), false, true);
      remember(dCoefficients, slopes.subarray(firstMixture * step.tableRows));
      return operations.matMul(upload(values, learned.length, step.tableRows), dFactors, true);
    },
    etaGradients: () => etaGradients,
  };
}
