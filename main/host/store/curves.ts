/** Metrics along episodes or time instead of iterations, for drawing, and the exact values at a place of such an axis. */
import type { CurveAxis, CurvesQuery, Located, PackedCurve } from '../../../core/contract/api/curves.ts';
import type { ThinnedSeries } from '../../../core/contract/api/metrics.ts';
import type { SeriesDatabase } from './database-types.ts';
import { fromBlob, packNumbers } from './float-blobs.ts';
import { findSeries, type SeriesKey } from './series-key.ts';
import { thinned } from './thinned.ts';

/** Each run's named metrics in the range of the axis. Runs and names that are not there are left out. */
export function curves(
  series: SeriesDatabase,
  runIds: readonly string[],
  { names, along, from = -Infinity, to = Infinity, points, extremes = true }: Omit<CurvesQuery, 'runs'>,
): PackedCurve[] {
  // Beyond the edges, so that a line that is cut there is drawn up to them.
  const beyond = (to - from) / points;
  const [first, last] = Number.isFinite(beyond) ? [from - beyond, to + beyond] : [from, to];
  return runIds.flatMap((run) => {
    const range = iterationsBetween(series, run, along, first, last);
    if (range === undefined) return [];
    const all = thinned(series, [run], along === 'iteration' ? names : [...names, along], { ...range, points });
    const axis = along === 'iteration' ? undefined : all.at(-1);
    if (along !== 'iteration' && axis?.name !== along) return [];
    return all.slice(0, axis === undefined ? all.length : -1).map((metric) => pack(metric, axis, extremes));
  });
}

function pack(
  { run, name, bucket, iterations, mean, min, max }: ThinnedSeries,
  axis: ThinnedSeries | undefined,
  extremes: boolean,
): PackedCurve {
  const hasExtremes = extremes && bucket > 1;
  return {
    ...{ run, name, bucket },
    last: iterations.at(-1) ?? 0,
    x: packNumbers(axis === undefined ? middles(iterations, bucket) : placesOn(axis, iterations)),
    mean: packNumbers(mean),
    min: hasExtremes ? packNumbers(min) : '',
    max: hasExtremes ? packNumbers(max) : '',
  };
}

function middles(iterations: readonly number[], bucket: number): number[] {
  return iterations.map((last) => {
    const first = Math.floor((last - 1) / bucket) * bucket + 1;
    return (first + last) / 2;
  });
}

/** Every bucket of a metric is one of the axis, which has a value at each iteration. */
function placesOn(axis: ThinnedSeries, iterations: readonly number[]): number[] {
  if (axis.iterations.length === iterations.length) return axis.mean;
  const places = new Map(axis.iterations.map((iteration, index) => [iteration, axis.mean[index]!]));
  return iterations.map((iteration) => places.get(iteration)!);
}

/** Of each run that reaches so far, the iteration nearest to `at` (null: the last one), with the values that it has of `names`. */
export function locate(
  series: SeriesDatabase,
  runIds: readonly string[],
  { names, along, at }: { readonly names: readonly string[]; readonly along: CurveAxis; readonly at: number | null },
): Located[] {
  return runIds.flatMap((run) => {
    const walk = walkAxis(series, run, along);
    const nearest = at === null ? walk?.rowBefore(Number.MAX_SAFE_INTEGER) : walk?.nearest(at);
    if (walk === undefined || nearest === undefined) return [];
    const values: Record<string, number> = {};
    for (const name of names) {
      const value = nearest.numbers[walk.key.slots.get(name) ?? Infinity];
      if (value !== undefined && !Number.isNaN(value)) values[name] = value;
    }
    return [{ run, iteration: nearest.iteration, x: nearest.x, values }];
  });
}

/** The iterations whose places lie in the range; undefined where none do. */
function iterationsBetween(series: SeriesDatabase, run: string, along: CurveAxis, from: number, to: number) {
  if (along === 'iteration') {
    const range = { from: Math.max(0, Math.floor(from)), to: Math.ceil(to) };
    return range.to < 0 ? undefined : boundedRange(range);
  }
  const walk = walkAxis(series, run, along);
  if (walk === undefined) return undefined;
  const first = from === -Infinity ? 0 : walk.firstFrom(from)?.iteration;
  if (first === undefined) return undefined;
  const last = to === Infinity ? Infinity : (walk.firstFrom(to)?.iteration ?? Infinity);
  return boundedRange({ from: first, to: last });
}

function boundedRange({ from, to }: { from: number; to: number }) {
  return { from, ...(Number.isFinite(to) ? { to } : {}) };
}

interface Place {
  readonly iteration: number;
  readonly x: number;
  readonly numbers: Float64Array;
}

interface AxisWalk {
  readonly key: SeriesKey;
  /** The first iteration whose place is `at` or beyond. */
  firstFrom(at: number): Place | undefined;
  rowBefore(iteration: number): Place | undefined;
  /** None where the run has not yet begun or has ended. */
  nearest(at: number): Place | undefined;
}

interface Row {
  readonly iteration: number;
  readonly blob: Uint8Array;
}

function walkAxis(series: SeriesDatabase, run: string, along: CurveAxis): AxisWalk | undefined {
  const key = findSeries(series, run);
  const slot = along === 'iteration' ? undefined : key?.slots.get(along);
  if (key === undefined || (along !== 'iteration' && slot === undefined)) return undefined;
  const select = (condition: string, order: string) =>
    series.prepare<Row>(
      `SELECT iteration, metric_values AS blob FROM metrics WHERE run_key = ? AND iteration ${condition} ? ORDER BY iteration ${order} LIMIT 1`,
    );
  const [from, before] = [select('>=', 'ASC'), select('<', 'DESC')];
  const place = (row: Row | undefined): Place | undefined => {
    if (row === undefined) return undefined;
    const numbers = fromBlob(row.blob);
    return { iteration: row.iteration, x: slot === undefined ? row.iteration : (numbers[slot] ?? NaN), numbers };
  };
  const rowFrom = (iteration: number) => place(from.get(key.runKey, iteration));
  const rowBefore = (iteration: number) => place(before.get(key.runKey, iteration));
  const firstFrom = (at: number) => {
    const last = rowBefore(Number.MAX_SAFE_INTEGER);
    if (last === undefined || last.x < at) return undefined;
    // Halves the iterations in question: all below `low` lie before `at`, `found` does not.
    let [low, found] = [0, last];
    while (low < found.iteration) {
      const middle = rowFrom(Math.floor((low + found.iteration) / 2))!;
      if (middle.x < at) low = middle.iteration + 1;
      else if (middle.iteration < found.iteration) found = middle;
      else {
        // No row lies in the upper half: what is left is looked at from below.
        const next = rowFrom(low)!;
        if (next.x >= at) return next;
        low = next.iteration + 1;
      }
    }
    return found;
  };
  const nearest = (at: number) => {
    const after = firstFrom(at);
    const before = after && rowBefore(after.iteration);
    if (after === undefined || before === undefined)
      return after !== undefined && (after.x <= at || after.iteration === 1) ? after : undefined;
    return at - before.x <= after.x - at ? before : after;
  };
  return { key, rowBefore, firstFrom, nearest };
}
