/**
 * Summaries of a run's metrics over 16, 256, 4096, … iterations, kept up to date as iterations come.
 *
 * Bucket n of level l covers the iterations n·16^l + 1 … (n+1)·16^l. A bucket of level 1 sums its values in their order, one of a higher level
 * its sixteen buckets in theirs: so the sums are the same to the last bit, however the iterations came and whatever was taken back in between.
 */

export const pyramidLevels = 6;
export const pyramidBase = 16;

/** Min, max, sum and count of each metric, by slots. */
export type Summaries = Float64Array;
const fields = 4;

export function bucketOf(iteration: number, level: number): number {
  return Math.floor((iteration - 1) / pyramidBase ** level);
}

export interface Pyramid {
  /** The next iteration; NaN is no value. Each bucket that it leaves behind is given to `onBucket`. */
  add(iteration: number, values: Float64Array): void;
  /** Gives the unfinished bucket of each level to `onBucket`. */
  emitUnfinished(): void;
}

export type OnBucket = (level: number, bucket: number, summaries: Summaries) => void;

/** What an unfinished pyramid consists of: by level, from 1, the finished parts of the bucket that is being filled. */
export interface PyramidStart {
  /** The last iteration that is in it. */
  readonly iteration: number;
  readonly parts: readonly Summaries[];
}

/** An empty one, or one that goes on from `start`. */
export function createPyramid(onBucket: OnBucket, start?: PyramidStart): Pyramid {
  const parts = Array.from({ length: pyramidLevels }, (_, index) => start?.parts[index] ?? emptySummaries(0));
  let last = start?.iteration;

  /** Closes the buckets that end between `last` and `iteration`. */
  const close = (iteration: number) => {
    for (let level = 1; level <= pyramidLevels; level++) {
      const bucket = bucketOf(last!, level);
      if (bucket === bucketOf(iteration, level)) return;
      const summaries = parts[level - 1]!;
      onBucket(level, bucket, summaries);
      if (level < pyramidLevels) parts[level] = mergeSummaries(parts[level]!, summaries);
      parts[level - 1] = emptySummaries(summaries.length / fields);
    }
  };

  return {
    add(iteration, values) {
      if (last !== undefined) close(iteration);
      parts[0] = addValues(parts[0]!, values);
      last = iteration;
    },
    emitUnfinished() {
      if (last === undefined) return;
      let below = emptySummaries(0);
      for (let level = 1; level <= pyramidLevels; level++) {
        below = mergeSummaries(parts[level - 1]!.slice(), below);
        onBucket(level, bucketOf(last, level), below);
      }
    },
  };
}

export function emptySummaries(slots: number): Summaries {
  return widen(new Float64Array(0), slots);
}

/** Takes one iteration's values into `summaries`, which it changes unless they have too few slots. */
export function addValues(summaries: Summaries, values: Float64Array): Summaries {
  const wide = widen(summaries, values.length);
  for (let slot = 0, at = 0; slot < values.length; slot++, at += fields) {
    const value = values[slot]!;
    if (Number.isNaN(value)) continue;
    if (value < wide[at]!) wide[at] = value;
    if (value > wide[at + 1]!) wide[at + 1] = value;
    wide[at + 2]! += value;
    wide[at + 3]! += 1;
  }
  return wide;
}

/** Takes a later bucket into `summaries`, which it changes unless they have too few slots. */
export function mergeSummaries(summaries: Summaries, later: Summaries): Summaries {
  const wide = widen(summaries, later.length / fields);
  for (let at = 0; at < later.length; at += fields) {
    wide[at] = Math.min(wide[at]!, later[at]!);
    wide[at + 1] = Math.max(wide[at + 1]!, later[at + 1]!);
    wide[at + 2]! += later[at + 2]!;
    wide[at + 3]! += later[at + 3]!;
  }
  return wide;
}

/** The same with at least so many slots, the new ones empty. */
function widen(summaries: Summaries, slots: number): Summaries {
  if (summaries.length >= slots * fields) return summaries;
  const wide = new Float64Array(slots * fields);
  wide.set(summaries);
  for (let at = summaries.length; at < wide.length; at += fields) {
    wide[at] = Infinity;
    wide[at + 1] = -Infinity;
  }
  return wide;
}
