/** A run's score for people. */
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { scoreInterval } from '../../core/contract/score-interval.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { formatNumber } from './format.ts';

/** What says how runs are judged. */
export type Judged = Pick<RunSpec, 'experiment' | 'extensions'>;

/** 0.248, or 0.6 %. */
export function formatScore(spec: Judged, value: number): string {
  return formatScoreAs(experimentOf(spec).score.format, value);
}

export function formatScoreAs(format: 'number' | 'percent', value: number): string {
  return format === 'percent' ? `${formatNumber(100 * value)} %` : formatNumber(value);
}

/** loss 19.1, relative error 0.248. */
export function describeResult(spec: Judged, { loss, score }: { readonly loss: number; readonly score: number }): string {
  return `loss ${formatNumber(loss)}, ${experimentOf(spec).score.label} ${formatScore(spec, score)}`;
}

interface HeldOut {
  readonly loss: number;
  readonly score: number;
  readonly heldOutEpisodes: number;
}

/** 97.05 to 98.79 %; undefined where episodes are not just right or wrong. */
export function formatInterval(spec: Judged, evaluation: Pick<HeldOut, 'score' | 'heldOutEpisodes'>): string | undefined {
  const interval = scoreInterval(experimentOf(spec).score, evaluation);
  return interval && `${formatNumber(100 * interval[0])} to ${formatNumber(100 * interval[1])} %`;
}

/** loss 0.0612, accuracy 98.1 %, 95 % interval 97.05 to 98.79 %. */
export function describeHeldOut(spec: Judged, evaluation: HeldOut): string {
  const interval = formatInterval(spec, evaluation);
  return `${describeResult(spec, evaluation)}${interval === undefined ? '' : `, 95 % interval ${interval}`}`;
}
