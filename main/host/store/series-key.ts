/** Finds a run's series by the run's id. */
import type { SeriesDatabase } from './database-types.ts';

/** What `run_key` and the columns of values are called in the database, for one run. */
export interface SeriesKey {
  readonly runKey: number;
  readonly slots: ReadonlyMap<string, number>;
}

export interface Range {
  /** First iteration. */
  readonly from?: number;
  /** Last iteration. */
  readonly to?: number;
}

export function findSeries(series: SeriesDatabase, runId: string): SeriesKey | undefined {
  const row = series.prepare<{ runKey: number }>('SELECT run_key AS runKey FROM followed WHERE run_id = ?').get(runId);
  if (row === undefined) return undefined;
  const select = 'SELECT name, slot FROM metric_names WHERE run_key = ? ORDER BY slot';
  const names = series.prepare<{ name: string; slot: number }>(select).all(row.runKey);
  return { runKey: row.runKey, slots: new Map(names.map(({ name, slot }) => [name, slot])) };
}
