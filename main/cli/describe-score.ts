/** A run's score for people. */
import type { ExperimentName } from '../../core/contract/run-spec.ts';
import { findExperiment } from '../../core/experiments/index.ts';
import { formatNumber } from './format.ts';

/** 0.248, or 0.6 %. */
export function formatScore(experiment: ExperimentName, value: number): string {
  return findExperiment(experiment).score.format === 'percent' ? `${formatNumber(100 * value)} %` : formatNumber(value);
}

/** loss 19.1, relative error 0.248. */
export function describeResult(experiment: ExperimentName, { loss, score }: { readonly loss: number; readonly score: number }): string {
  return `loss ${formatNumber(loss)}, ${findExperiment(experiment).score.label} ${formatScore(experiment, score)}`;
}
