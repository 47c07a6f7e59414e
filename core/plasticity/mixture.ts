/**
 * Mixtures: one row for several terms. By linearity, Σ c v ∘ [(u ∘ y) · alpha] over terms that share u is one row, and so is it over terms
 * that share v: v ∘ [((Σ c u) ∘ y) · alpha]. A sum therefore needs as many rows as the fewest u's and v's that touch all its terms.
 *
 * Terms are arranged by u. A computed u has a single term, for it is written once; where several of them share v, as the last activations
 * before a pattern that is shown again and again, that v touches all their terms and they become one row.
 */
import type { Term } from './plan.ts';

/**
 * x = Σ c(asOf, s) · u_s over terms that share v, in place of each u_s: with it the sum needs one row, not one a term. From then on the
 * coefficients of these terms only decay, all alike, so that the weight of x is (1-eta)^(t-asOf) · v.
 */
export interface Mixture {
  readonly terms: readonly Term[];
  readonly v: number;
  /** The step for which it was made. */
  readonly asOf: number;
}

/** A left factor of hebb = Σ xᵀ G: an activation u, by its row of the chunk's table, or a mixture of them. */
export type LeftFactor = number | Mixture;

export function isMixture(factor: LeftFactor): factor is Mixture {
  return typeof factor !== 'number';
}

/**
 * The table rows of left factors that are activations.
 * @throws TypeError where one is a mixture: only the Hebb rule with free alphas can use a plan with mixtures.
 */
export function activationRows(factors: readonly LeftFactor[]): readonly number[] {
  return factors.map((factor) => {
    if (isMixture(factor)) throw new TypeError('a plan with mixtures (mixTerms) needs the Hebb rule and free alphas');
    return factor;
  });
}

/**
 * Replaces the rows u that share v by a mixture; mixtures come last.
 * @param onlyTerms the terms of those activations that are written once, by u; others stay as they are.
 */
export function mixByTarget(rows: readonly number[], onlyTerms: ReadonlyMap<number, Term>, step: number): LeftFactor[] {
  const terms = rows.flatMap((u) => onlyTerms.get(u) ?? []);
  const mixtures = [...Map.groupBy(terms, ({ v }) => v)]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([v, sharing]): Mixture => ({ terms: sharing, v, asOf: step }));
  const mixed = new Set(mixtures.flatMap((mixture) => mixture.terms.map(({ u }) => u)));
  return [...rows.filter((u) => !mixed.has(u)), ...mixtures];
}
