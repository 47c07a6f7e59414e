/** How much each term still counts under the Hebb rule: c(t,s) = eta (1-eta)^(t-1-s), summed over the steps that share u and v. */
import type { Term } from './plan.ts';

export interface CoefficientMatrix {
  /** [u, v], row-major. */
  readonly values: Float64Array;
  /** ∂values/∂eta, same shape. */
  readonly slopes: Float64Array;
}

/**
 * Coefficients before step `step` of the terms written until then, v < columns. In double precision: they are few.
 * @param order the rows u, a permutation of 0..n-1; matrices are arranged like it.
 * @param decays decays[n] is (1-eta)^n, for n up to the steps of a chunk (see `hebbDecays`).
 */
export function hebbCoefficients(
  terms: readonly Term[],
  step: number,
  decays: Float64Array,
  order: readonly number[],
  columns: number,
): CoefficientMatrix {
  const values = new Float64Array(order.length * columns);
  const slopes = new Float64Array(order.length * columns);
  const places = new Int32Array(order.length);
  order.forEach((u, place) => (places[u] = place));
  const share = decays[1]!;
  const eta = 1 - share;
  for (const term of terms) {
    if (term.step >= step) break;
    const age = step - 1 - term.step;
    const at = places[term.u]! * columns + term.v;
    values[at]! += eta * decays[age]!;
    slopes[at]! += age === 0 ? 1 : decays[age - 1]! * (share - eta * age);
  }
  return { values, slopes };
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
