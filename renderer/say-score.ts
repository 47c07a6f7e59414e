/** Scores as people read them: each experiment has its own. */
import { scoreInterval } from '../core/contract/score-interval.ts';
import { experiments } from './experiments.svelte.ts';
import { formatNumber, formatPercent } from './format.ts';

/** `0.2481`, `0.612 %`, `–`. */
export function sayScore(experiment: string, value: number | null, significant = 4): string {
  if (value === null) return '–';
  return experiments.scoreOf(experiment).format === 'percent' ? formatPercent(value, significant) : formatNumber(value, significant);
}

/** `Relative error`. */
export function sayScoreName(experiment: string | undefined): string {
  return capitalise(experiments.scoreOf(experiment).label);
}

/** For hover: every digit, and what it is. `wrong bits 0.6123 %, lower is better`. */
export function sayScoreFully(experiment: string, value: number): string {
  const { label, better, format } = experiments.scoreOf(experiment);
  const number = format === 'percent' ? `${100 * value} %` : String(value);
  return `${label} ${number}, ${better} is better`;
}

/** `97.05 to 98.79 %`, where an episode is right or wrong; undefined elsewhere. */
export function sayInterval(
  experiment: string,
  evaluation: { readonly score: number; readonly heldOutEpisodes: number },
): string | undefined {
  const interval = scoreInterval(experiments.scoreOf(experiment), evaluation);
  return interval && `${formatNumber(100 * interval[0])} to ${formatPercent(interval[1])}`;
}

export function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
