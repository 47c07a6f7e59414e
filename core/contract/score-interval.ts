/** How sure a share of right answers is. */

/** Of the standard normal distribution: 95 % of it lie between minus this and this. */
const z = 1.959964;

/**
 * The 95 % interval of the probability behind `share`, the right ones of `count` independent answers: each p with |share − p| ≤ z √(p (1 − p) / count).
 * Unlike share ± an error it stays between 0 and 1, and has a width where all answers are right. It holds for other episodes of the same kind, not
 * for another seed or other test classes.
 *
 * E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American Statistical Association 22 (1927), 209-212.
 */
export function wilsonInterval(share: number, count: number): readonly [low: number, high: number] {
  const centre = share + z ** 2 / (2 * count);
  const half = z * Math.sqrt((share * (1 - share)) / count + (z / (2 * count)) ** 2);
  const whole = 1 + z ** 2 / count;
  return [Math.max(0, (centre - half) / whole), Math.min(1, (centre + half) / whole)];
}

/** Of a score over so many held-out episodes; undefined where episodes are not just right or wrong. */
export function scoreInterval(
  { countsAnswers }: { readonly countsAnswers?: true },
  { score, heldOutEpisodes }: { readonly score: number; readonly heldOutEpisodes: number },
): readonly [low: number, high: number] | undefined {
  return countsAnswers === undefined ? undefined : wilsonInterval(score, heldOutEpisodes);
}
