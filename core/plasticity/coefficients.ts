/** How much each term still counts under the Hebb rule: c(t,s) = eta (1-eta)^(t-1-s), summed over the steps that share u and v. */
import type { Term } from './plan.ts';

export interface CoefficientMatrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns]: u by v. */
  readonly values: Float64Array;
  /** ∂values/∂eta, same shape. */
  readonly slopes: Float64Array;
}

/** Coefficients before step `step` of the terms written until then, u < rows, v < columns. In double precision: they are few. */
export function hebbCoefficients(terms: readonly Term[], step: number, eta: number, rows: number, columns: number): CoefficientMatrix {
  const values = new Float64Array(rows * columns);
  const slopes = new Float64Array(rows * columns);
  for (const term of terms) {
    if (term.step >= step) break;
    const age = step - 1 - term.step;
    const at = term.u * columns + term.v;
    values[at]! += eta * (1 - eta) ** age;
    slopes[at]! += age === 0 ? 1 : (1 - eta) ** (age - 1) * (1 - eta - eta * age);
  }
  return { rows, columns, values, slopes };
}

/** The share of the dense trace that is left after `steps` steps, and its slope in eta. */
export function hebbDecay(steps: number, eta: number): { value: number; slope: number } {
  return { value: (1 - eta) ** steps, slope: steps === 0 ? 0 : -steps * (1 - eta) ** (steps - 1) };
}
