/** How much each term still counts under the Hebb rule: c(t,s) = eta (1-eta)^(t-1-s), summed over the steps that share u and v. */
import { isMixture } from './mixture.ts';
import type { LeftFactor } from './mixture.ts';
import type { Term } from './plan.ts';

export interface CoefficientMatrix {
  /** [factors, activations], row-major. */
  readonly values: Float64Array;
  /** ∂values/∂eta, same shape. */
  readonly slopes: Float64Array;
}

/**
 * G = C · A: the coefficients C before step `step` of the terms written until then, v < columns. In double precision: they are few.
 * @param order the left factors that C is arranged by.
 * @param decays decays[n] is (1-eta)^n, for n up to the steps of a chunk (see `hebbDecays`).
 */
export function hebbCoefficients(
  terms: readonly Term[],
  step: number,
  decays: Float64Array,
  order: readonly LeftFactor[],
  columns: number,
): CoefficientMatrix {
  const matrix = createMatrix(order.length, columns);
  const places = new Map<number, number>(); // without the u's that mixtures hold
  order.forEach((factor, place) => {
    if (!isMixture(factor)) {
      places.set(factor, place);
      return;
    }
    const at = place * columns + factor.v;
    matrix.values[at] = decays[step - factor.asOf]!;
    matrix.slopes[at] = hebbDecaySlope(step - factor.asOf, decays);
  });
  for (const term of terms) {
    if (term.step >= step) break;
    const place = places.get(term.u);
    if (place !== undefined) addCoefficient(matrix, place * columns + term.v, step - 1 - term.step, decays);
  }
  return matrix;
}

/** X = E · A: a row of a single 1 for an activation, the coefficients of its terms for a mixture. */
export function leftFactorCoefficients(factors: readonly LeftFactor[], decays: Float64Array, columns: number): CoefficientMatrix {
  const matrix = createMatrix(factors.length, columns);
  factors.forEach((factor, place) => {
    const row = place * columns;
    if (!isMixture(factor)) matrix.values[row + factor] = 1;
    else for (const { u, step } of factor.terms) addCoefficient(matrix, row + u, factor.asOf - 1 - step, decays);
  });
  return matrix;
}

function createMatrix(rows: number, columns: number): CoefficientMatrix {
  return { values: new Float64Array(rows * columns), slopes: new Float64Array(rows * columns) };
}

/** Adds c = eta (1-eta)^age and its slope. */
function addCoefficient({ values, slopes }: CoefficientMatrix, at: number, age: number, decays: Float64Array): void {
  const share = decays[1]!;
  const eta = 1 - share;
  values[at]! += eta * decays[age]!;
  slopes[at]! += age === 0 ? 1 : decays[age - 1]! * (share - eta * age);
}

/** (1-eta)^n for n = 0..steps, at least two of them. */
export function hebbDecays(steps: number, eta: number): Float64Array {
  const decays = new Float64Array(Math.max(2, steps + 1)).fill(1);
  for (let n = 1; n < decays.length; n++) decays[n] = decays[n - 1]! * (1 - eta);
  return decays;
}

/** The slope in eta of (1-eta)^steps. */
export function hebbDecaySlope(steps: number, decays: Float64Array): number {
  return steps === 0 ? 0 : -steps * decays[steps - 1]!;
}
