/** Reads runs' metrics, exactly. */
import type { SeriesDatabase } from './database-types.ts';
import { fromBlob } from './float-blobs.ts';
import { findSeries, type Range } from './series-key.ts';

export { deleteSeries } from './series-writer.ts';
export { spread, thinned } from './thinned.ts';

const pageRows = 1000;
const mostValues = 100_000;

interface MetricsRow {
  readonly iteration: number;
  readonly blob: Uint8Array;
}

/** In the order in which they came up. */
export function metricNames(series: SeriesDatabase, runId: string): string[] {
  return [...(findSeries(series, runId)?.slots.keys() ?? [])];
}

/** Every value in the range, oldest first; the first `limit` (at most 100,000) of them. */
export function valuesOf(
  series: SeriesDatabase,
  runId: string,
  name: string,
  { from, to, limit = mostValues }: Range & { readonly limit?: number } = {},
): { iteration: number; value: number }[] {
  const values: { iteration: number; value: number }[] = [];
  for (const row of iterateMetrics(series, runId, [name], {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  })) {
    const value = row.values[name];
    if (value !== undefined) values.push({ iteration: row.iteration, value });
    if (values.length >= limit) break;
  }
  return values;
}

/** The values of one iteration; none where the run has no such iteration. */
export function valuesAt(series: SeriesDatabase, runId: string, iteration: number): Record<string, number> {
  for (const { values } of iterateMetrics(series, runId, undefined, { from: iteration, to: iteration })) return values;
  return {};
}

/**
 * The iterations in their order, with those of the named metrics (default: all) that have a value there. Reads page by page: the database can be
 * written in between.
 */
export function* iterateMetrics(
  series: SeriesDatabase,
  runId: string,
  names?: readonly string[],
  { from = 0, to = Number.MAX_SAFE_INTEGER }: Range = {},
): Generator<{ iteration: number; episodes: number; values: Record<string, number> }> {
  const key = findSeries(series, runId);
  if (key === undefined) return;
  const slots = (names ?? [...key.slots.keys()]).map((name) => [name, key.slots.get(name) ?? Infinity] as const);
  const episodesSlot = key.slots.get('episodes') ?? Infinity;
  const page = series.prepare<MetricsRow>(
    `SELECT iteration, metric_values AS blob FROM metrics WHERE run_key = ? AND iteration BETWEEN ? AND ? ORDER BY iteration LIMIT ${pageRows}`,
  );
  for (let first = from; ;) {
    const rows = page.all(key.runKey, first, to);
    for (const { iteration, blob } of rows) {
      const numbers = fromBlob(blob);
      const values: Record<string, number> = {};
      for (const [name, slot] of slots) {
        const value = numbers[slot];
        if (value !== undefined && !Number.isNaN(value)) values[name] = value;
      }
      yield { iteration, episodes: numbers[episodesSlot] ?? 0, values };
    }
    if (rows.length < pageRows) return;
    first = rows.at(-1)!.iteration + 1;
  }
}

/** The last iterations up to `iteration`, newest first, as arrays of the named values, NaN where there is none. */
export function newestValues(
  series: SeriesDatabase,
  runId: string,
  names: readonly string[],
  { iteration, count }: { readonly iteration: number; readonly count: number },
): number[][] {
  const key = findSeries(series, runId);
  if (key === undefined) return [];
  const slots = names.map((name) => key.slots.get(name) ?? Infinity);
  const rows = series
    .prepare<MetricsRow>(
      'SELECT iteration, metric_values AS blob FROM metrics WHERE run_key = ? AND iteration <= ? ORDER BY iteration DESC LIMIT ?',
    )
    .all(key.runKey, iteration, count);
  return rows.map(({ blob }) => {
    const numbers = fromBlob(blob);
    return slots.map((slot) => numbers[slot] ?? NaN);
  });
}
