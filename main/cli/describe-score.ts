/** A run's score for people. */
import type { RunSpec } from '../../core/contract/run-spec.ts';
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
