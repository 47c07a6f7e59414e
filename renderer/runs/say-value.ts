/** What a cell says, short and in full. */
import { formatBytes, formatCount, formatDuration, formatExactTime, formatNumber, formatShort, formatTime } from '../format.ts';
import { experiments } from '../experiments.svelte.ts';
import { sayScoreFully } from '../say-score.ts';
import type { Column } from './columns.ts';
import type { Spread } from './spread.ts';
import type { TableRow } from './row.ts';

export function sayValue(column: Column, row: TableRow, nowMs: number): string {
  const value = column.value(row);
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (column.id === 'speed') return `${formatAligned(value, 3)} ep/s`;
  if (column.id === 'score') return alignScore(row.recipe.experiment, value);
  switch (column.kind) {
    case 'time':
      return formatTime(value, nowMs);
    case 'bytes':
      return formatBytes(value);
    case 'seconds':
      return formatDuration(value);
    case 'count':
      return column.id === 'seed' ? String(value) : formatCount(value);
    case 'number':
    case 'spark':
    case 'choice':
    case 'text':
      return column.id.startsWith('parameter:') ? formatNumber(value, 8) : formatAligned(value);
  }
}

/** All digits, for hover and copying; undefined where the cell says everything. */
export function sayFully(column: Column, row: TableRow): string | undefined {
  const value = column.value(row);
  if (typeof value !== 'number') return value ?? undefined;
  if (column.id === 'score') return sayScoreFully(row.recipe.experiment, value);
  switch (column.kind) {
    case 'time':
      return formatExactTime(value);
    case 'bytes':
      return `${formatCount(value)} bytes`;
    case 'seconds':
      return `${value.toFixed(1)} s`;
    case 'count':
    case 'number':
    case 'spark':
    case 'choice':
    case 'text':
      return String(value);
  }
}

/** `24.8k/40k` of a run that has not come to its end, `40k` of one that has. */
export function sayEpisodes({ episodes, recipe }: TableRow): string {
  if (episodes === 0) return `0/${formatShort(recipe.episodes)}`;
  return episodes >= recipe.episodes ? formatShort(episodes) : `${formatShort(episodes)}/${formatShort(recipe.episodes)}`;
}

/** @param experiment whose score it is, where it is one. */
export function saySpread(column: Column, { median }: Spread, experiment: string): string {
  if (column.kind === 'seconds') return formatDuration(median);
  if (column.kind === 'count') return formatShort(median);
  if (column.id === 'score') return alignScore(experiment, median);
  return column.id === 'speed' ? `${formatAligned(median, 3)} ep/s` : formatAligned(median);
}

/** `median 0.213, quartiles 0.196 to 0.221, of 3`. */
export function saySpreadFully({ median, lower, upper, n }: Spread): string {
  return `median ${formatNumber(median)}, quartiles ${formatNumber(lower)} to ${formatNumber(upper)}, of ${n}`;
}

/** `1–10` where none is missing, else `1, 3, 7` or how many there are. */
export function saySeeds(rows: readonly TableRow[]): string {
  const seeds = [...new Set(rows.map(({ seed }) => seed))].sort((a, b) => a - b);
  const [first, last] = [seeds[0]!, seeds.at(-1)!];
  if (seeds.length === 1) return String(first);
  if (last - first === seeds.length - 1) return `${first}–${last}`;
  return seeds.length <= 3 ? seeds.join(', ') : `${seeds.length} seeds`;
}

function alignScore(experiment: string, value: number): string {
  return experiments.scoreOf(experiment).format === 'percent' ? `${formatAligned(100 * value, 3)} %` : formatAligned(value);
}

/** Always as many digits, so that they stand under one another: `0.2130`. */
function formatAligned(value: number, digits = 4): string {
  const size = Math.abs(value);
  return size >= 1e-3 && size < 10 ** digits ? value.toPrecision(digits) : formatNumber(value, digits);
}
