/** Means over the most recent episodes. */

export interface RecentMeans {
  /** Values of one iteration over `batch` episodes. */
  add(batch: number, loss: number, relativeError: number): void;
  /**
   * Over the last `window` episodes, or all where there are fewer; undefined before the first. The relative error is the mean loss ÷ the
   * mean loss of answering zero: a mean of the episodes' own ratios would be ruled by those with next to nothing to recall.
   */
  means(): { readonly loss: number; readonly relativeError: number } | undefined;
}

/** Each iteration counts as often as it has episodes; of the oldest one only those that still fit. */
export function createRecentMeans(window = 300): RecentMeans {
  const iterations: { batch: number; loss: number; zeroLoss: number }[] = [];
  let episodes = 0;
  return {
    add(batch, loss, relativeError) {
      iterations.push({ batch, loss, zeroLoss: loss / relativeError });
      episodes += batch;
      while (episodes - iterations[0]!.batch >= window) episodes -= iterations.shift()!.batch;
    },
    means() {
      if (iterations.length === 0) return undefined;
      let [left, loss, zeroLoss] = [window, 0, 0];
      for (const iteration of iterations.toReversed()) {
        const weight = Math.min(iteration.batch, left);
        loss += weight * iteration.loss;
        zeroLoss += weight * iteration.zeroLoss;
        left -= weight;
      }
      return { loss: loss / (window - left), relativeError: loss / zeroLoss };
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
