/** Means over the most recent episodes. */
import type { Score } from '../../core/experiments/experiment.ts';

export interface RecentMeans {
  /** Values of one iteration over `batch` episodes. */
  add(batch: number, loss: number, score: number): void;
  /** Over the last `window` episodes, or all where there are fewer; undefined before the first. */
  means(): { readonly loss: number; readonly score: number } | undefined;
}

/** What a run's means are over. */
export const recentEpisodes = 300;

/**
 * Each iteration counts as often as it has episodes; of the oldest one only those that still fit.
 * @param average how the score's mean is made (see `Score`): of `losses`, it is the mean loss ÷ the mean of what the scores were relative to.
 */
export function createRecentMeans(average: Score['average'], window = recentEpisodes): RecentMeans {
  const iterations: { batch: number; loss: number; summand: number }[] = [];
  let episodes = 0;
  return {
    add(batch, loss, score) {
      iterations.push({ batch, loss, summand: average === 'losses' ? loss / score : score });
      episodes += batch;
      while (episodes - iterations[0]!.batch >= window) episodes -= iterations.shift()!.batch;
    },
    means() {
      if (iterations.length === 0) return undefined;
      let [left, loss, sum] = [window, 0, 0];
      for (const iteration of iterations.toReversed()) {
        const weight = Math.min(iteration.batch, left);
        loss += weight * iteration.loss;
        sum += weight * iteration.summand;
        left -= weight;
      }
      const weights = window - left;
      return { loss: loss / weights, score: average === 'losses' ? loss / sum : sum / weights };
    },
  };
}

/** Episodes a second over the last `windowSeconds` of steps; pauses between steps do not count. */
export function createRate(windowSeconds = 5): { add(episodes: number, seconds: number): number } {
  const steps: { episodes: number; seconds: number }[] = [];
  let [episodes, seconds] = [0, 0];
  return {
    add(newEpisodes, newSeconds) {
      steps.push({ episodes: newEpisodes, seconds: newSeconds });
      episodes += newEpisodes;
      seconds += newSeconds;
      while (steps.length > 1 && seconds - steps[0]!.seconds >= windowSeconds) {
        const oldest = steps.shift()!;
        episodes -= oldest.episodes;
        seconds -= oldest.seconds;
      }
      return seconds > 0 ? episodes / seconds : 0;
    },
  };
}
