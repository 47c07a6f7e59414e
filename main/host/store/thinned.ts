/** Metrics for drawing: a few thousand summaries, however long the run. */
import type { ThinnedSeries } from '../../../core/contract/api/metrics.ts';
import type { SeriesDatabase } from './database-types.ts';
import { createBlobReader } from './float-blobs.ts';
import { bucketOf, pyramidBase, pyramidLevels } from './pyramid.ts';
import { findSeries, type Range, type SeriesKey } from './series-key.ts';
import { spreadOf } from './spread.ts';

export interface ThinningRange extends Range {
  /** At most about so many buckets. */
  readonly points: number;
}

export interface SpreadSeries {
  readonly bucket: number;
  readonly iterations: number[];
  readonly median: number[];
  readonly lower: number[];
  readonly upper: number[];
  readonly n: number[];
}

/** Neighbouring buckets of a level that are read to make one; beyond that the next level is taken, though it gives fewer points than asked for. */
const mostMerged = 8;

/**
 * Each run's named metrics. Runs and names that are not there are left out. Buckets are whole: those that `from` and `to` cut are there with all
 * their iterations; the last one of a run that goes on is there as far as it goes.
 */
export function thinned(
  series: SeriesDatabase,
  runIds: readonly string[],
  names: readonly string[],
  range: ThinningRange,
): ThinnedSeries[] {
  return runIds.flatMap((run) => {
    const key = findSeries(series, run);
    const extent = key && findExtent(series, key, range);
    if (key === undefined || extent === undefined) return [];
    const grid = chooseGrid(extent.to - extent.from + 1, range.points);
    const known = names.filter((name) => key.slots.has(name));
    const buckets = readBuckets(series, key, known, grid, extent);
    return known.map((name, index) => {
      const filled = buckets.filter(({ summaries }) => summaries[index]!.count > 0);
      const summaries = filled.map((bucket) => bucket.summaries[index]!);
      return {
        run,
        name,
        bucket: grid.size,
        iterations: filled.map(({ number }) => lastIteration(number, grid, extent.last)),
        min: summaries.map(({ min }) => min),
        max: summaries.map(({ max }) => max),
        mean: summaries.map(({ sum, count }) => sum / count),
      };
    });
  });
}

/** Median and quartiles over the runs' bucket means. */
export function spread(series: SeriesDatabase, runIds: readonly string[], name: string, range: ThinningRange): SpreadSeries {
  const members = runIds.flatMap((run) => {
    const key = findSeries(series, run);
    const extent = key && findExtent(series, key, range);
    return key === undefined || extent === undefined || !key.slots.has(name) ? [] : [{ key, extent }];
  });
  const extents = members.map(({ extent }) => extent);
  const [from, to] = [Math.min(...extents.map((extent) => extent.from)), Math.max(...extents.map((extent) => extent.to))];
  const last = Math.max(...extents.map((extent) => extent.last));
  const grid = chooseGrid(members.length === 0 ? 1 : to - from + 1, range.points);
  const means = new Map<number, number[]>();
  for (const { key, extent } of members) {
    for (const { number, summaries } of readBuckets(series, key, [name], grid, extent)) {
      const { sum, count } = summaries[0]!;
      if (count === 0) continue;
      const list = means.get(number);
      if (list === undefined) means.set(number, [sum / count]);
      else list.push(sum / count);
    }
  }
  const numbers = [...means.keys()].sort((a, b) => a - b);
  const spreads = numbers.map((number) => spreadOf(means.get(number)!)!);
  return {
    bucket: grid.size,
    iterations: numbers.map((number) => lastIteration(number, grid, last)),
    median: spreads.map(({ median }) => median),
    lower: spreads.map(({ lower }) => lower),
    upper: spreads.map(({ upper }) => upper),
    n: spreads.map(({ n }) => n),
  };
}

/** Buckets of `size` iterations: `merged` neighbours of a level of the pyramid each (level 0: the values themselves). */
export interface Grid {
  readonly level: number;
  readonly merged: number;
  readonly size: number;
}

export function chooseGrid(iterations: number, points: number): Grid {
  const wanted = Math.max(1, iterations / points);
  let level = 0;
  while (level < pyramidLevels && pyramidBase ** (level + 1) <= wanted) level++;
  let merged = Math.ceil(wanted / pyramidBase ** level);
  if (merged > mostMerged && level < pyramidLevels) [level, merged] = [level + 1, 1];
  return { level, merged, size: merged * pyramidBase ** level };
}

interface Extent {
  readonly from: number;
  readonly to: number;
  /** The run's last iteration. */
  readonly last: number;
}

/** What the run has of the range. */
function findExtent(series: SeriesDatabase, { runKey }: SeriesKey, { from = 0, to = Infinity }: Range): Extent | undefined {
  const row = series
    .prepare<{ first: number | null; last: number | null }>(
      `SELECT (SELECT min(iteration) FROM metrics WHERE run_key = ?) AS first, (SELECT max(iteration) FROM metrics WHERE run_key = ?) AS last`,
    )
    .get(runKey, runKey)!;
  if (row.first === null || row.last === null) return undefined;
  const extent = { from: Math.max(from, row.first), to: Math.min(to, row.last), last: row.last };
  return extent.from <= extent.to ? extent : undefined;
}

interface Bucket {
  readonly number: number;
  /** By the names asked for. */
  readonly summaries: { min: number; max: number; sum: number; count: number }[];
}

function readBuckets(series: SeriesDatabase, { runKey, slots }: SeriesKey, names: readonly string[], grid: Grid, extent: Extent): Bucket[] {
  const { level, merged } = grid;
  const wanted = names.map((name) => slots.get(name)!);
  const [first, last] = [extent.from, extent.to].map((iteration) => Math.floor(bucketOf(iteration, level) / merged)) as [number, number];
  const buckets: Bucket[] = [];
  const read = createBlobReader();
  for (const { part, blob } of readParts(series, runKey, level, first * merged, (last + 1) * merged - 1)) {
    const number = Math.floor(part / merged);
    let bucket = buckets.at(-1);
    if (bucket?.number !== number) {
      bucket = { number, summaries: wanted.map(() => ({ min: Infinity, max: -Infinity, sum: 0, count: 0 })) };
      buckets.push(bucket);
    }
    const numbers = read(blob);
    // A hundred long runs are some forty thousand of these.
    for (let index = 0; index < wanted.length; index++) {
      const slot = wanted[index]!;
      const summary = bucket.summaries[index]!;
      if (level === 0) {
        const value = numbers[slot];
        if (value !== undefined && !Number.isNaN(value)) merge(summary, value, value, value, 1);
        continue;
      }
      const at = 4 * slot;
      const count = numbers[at + 3];
      if (count !== undefined && count > 0) merge(summary, numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, count);
    }
  }
  return buckets;
}

type Summary = Bucket['summaries'][number];

function merge(summary: Summary, min: number, max: number, sum: number, count: number): void {
  if (min < summary.min) summary.min = min;
  if (max > summary.max) summary.max = max;
  summary.sum += sum;
  summary.count += count;
}

interface Part {
  readonly part: number;
  readonly blob: Uint8Array;
}

/** Buckets of a level by their numbers; at level 0, where bucket n is iteration n + 1, the values. */
function readParts(series: SeriesDatabase, runKey: number, level: number, first: number, last: number): Part[] {
  if (level === 0) {
    return series
      .prepare<Part>(
        `SELECT iteration - 1 AS part, metric_values AS blob FROM metrics
         WHERE run_key = ? AND iteration BETWEEN ? AND ? ORDER BY iteration`,
      )
      .all(runKey, first + 1, last + 1);
  }
  return series
    .prepare<Part>(
      'SELECT bucket AS part, summaries AS blob FROM buckets WHERE run_key = ? AND level = ? AND bucket BETWEEN ? AND ? ORDER BY bucket',
    )
    .all(runKey, level, first, last);
}

/** Of a bucket; of the run's last one, as far as it goes. */
function lastIteration(number: number, { size }: Grid, last: number): number {
  return Math.min((number + 1) * size, last);
}
