/** What is expected of a run, in words. */
import type { ScoreDescription } from '../../core/contract/api/experiments.ts';
import { bandAt, type ReferenceBand } from '../../core/contract/verdict.ts';
import { formatCount, formatNumber, formatPercent } from '../format.ts';

/** "loss 12 to 18 after 40,000 episodes", at the end of a run of so many; before a band begins, what it begins with. */
export function sayExpected({ metric, points }: ReferenceBand, score: ScoreDescription, episodes: number): string {
  const isScore = metric === score.name;
  const show = (value: number) => (isScore && score.format === 'percent' ? formatPercent(value, 3) : formatNumber(value, 3));
  const first = points[0]!;
  const at = Math.max(episodes, first.episodes);
  const { low, high } = bandAt(points, at) ?? first;
  const short = episodes < first.episodes ? ', which this run does not reach' : '';
  return `${isScore ? score.label : metric} ${show(low)} to ${show(high)} after ${formatCount(at)} episodes${short}`;
}
