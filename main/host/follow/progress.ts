/** How far a training has come and how well it goes, for the run's row. */
import type { JournalRecord, JournalRecordOf } from '../../../core/contract/journal-records.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import { createRecentMeans } from '../../trainer/recent-means.ts';
import type { SeriesDatabase } from '../store/open-stores.ts';
import type { ChangeableColumns, RunRow } from '../store/runs.ts';
import { newestValues, thinned } from '../store/series.ts';

const meanEpisodes = 300;
const sparkPoints = 40;

/** What changes in `row`, which has everything else of `records` already, with the metrics of `records`; the series have them already. */
export function summariseProgress(
  series: SeriesDatabase,
  id: string,
  records: readonly JournalRecord[],
  row: RunRow,
): Partial<ChangeableColumns> {
  const metrics = records.filter((record) => record.type === 'metrics');
  const wentBack = records.some(({ type }) => type === 'rewind');
  if (metrics.length === 0 && !wentBack) return {};
  const last = records.findLast((record) => record.type === 'metrics' || record.type === 'rewind' || record.type === 'end')!;
  return {
    ...(last.type === 'metrics' ? lastMetrics(last) : {}),
    ...(metrics.length === 0 ? {} : memory(metrics, row)),
    ...(last.type === 'end' ? {} : recentMeans(series, row, last.iteration)),
    spark: spark(series, id, last.iteration),
  };
}

function lastMetrics({ iteration, episodes, seconds, episodesPerSecond }: JournalRecordOf<'metrics'>): Partial<ChangeableColumns> {
  return { iteration, episodes, seconds, episodesPerSecond };
}

function memory(metrics: readonly JournalRecordOf<'metrics'>[], row: RunRow): Partial<ChangeableColumns> {
  const peak = metrics.reduce((most, { rssBytes }) => Math.max(most, rssBytes), row.peakRssBytes ?? 0);
  return { rssBytes: Math.round(metrics.at(-1)!.rssBytes), peakRssBytes: Math.round(peak) };
}

function recentMeans(series: SeriesDatabase, { id, spec }: RunRow, iteration: number): Partial<ChangeableColumns> {
  const { average, name } = experimentOf(spec).score;
  const recent = createRecentMeans(average, meanEpisodes);
  const rows = newestValues(series, id, ['batch', 'loss', name], { iteration, count: meanEpisodes });
  for (const [batch, loss, score] of rows.reverse()) {
    if (!Number.isNaN(loss) && !Number.isNaN(score)) recent.add(batch!, loss!, score!);
  }
  const means = recent.means();
  return { loss: finite(means?.loss), score: finite(means?.score) };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function spark(series: SeriesDatabase, id: string, iteration: number): number[] {
  const [loss] = thinned(series, [id], ['loss'], { to: iteration, points: sparkPoints });
  return (loss?.mean ?? []).map((value) => Number(value.toPrecision(5)));
}
