/** The columns of a table of groups of runs: what tells them apart, and how their results spread. */
import type { RunGroup } from '../../core/contract/api/runs.ts';
import { formatScoreAs } from './describe-score.ts';
import { formatBytes, formatNumber } from './format.ts';
import type { Column } from './table.ts';

export function groupColumns(groups: readonly RunGroup[]): Column<RunGroup>[] {
  return [
    ...tellingNames(groups).map((name): Column<RunGroup> => ({
      heading: name.replace(/^parameter:/, ''),
      cell: ({ key }) => String(key[name] ?? ''),
      minimum: 8,
    })),
    { heading: 'runs', cell: ({ ids }) => String(ids.length), align: 'right' },
    { heading: 'seeds', cell: ({ seeds }) => describeSeeds(seeds), minimum: 6, dispensable: 2 },
    { heading: 'score (quartiles)', cell: ({ score, scoreFormat }) => describeSpread(score, scoreFormat) },
    { heading: 'loss (quartiles)', cell: ({ loss }) => describeSpread(loss), dispensable: 1 },
    {
      heading: 'episodes/s',
      cell: ({ episodesPerSecond }) => (episodesPerSecond === null ? '–' : formatNumber(episodesPerSecond.median)),
      align: 'right',
      dispensable: 3,
    },
    { heading: 'size', cell: ({ sizeBytes }) => formatBytes(sizeBytes), align: 'right', dispensable: 5 },
    { heading: 'states', cell: ({ statuses }) => describeStatuses(statuses), minimum: 8, dispensable: 4 },
  ];
}

/** Experiment and variant, and whatever else differs between groups. */
function tellingNames(groups: readonly RunGroup[]): string[] {
  const names = [...new Set(groups.flatMap(({ key }) => Object.keys(key)))];
  const always = ['experiment', 'variant'];
  return names.filter((name) => always.includes(name) || names.length <= 3 || new Set(groups.map(({ key }) => key[name])).size > 1);
}

function describeSpread(spread: RunGroup['loss'], as: RunGroup['scoreFormat'] = 'number'): string {
  if (spread === null) return '–';
  const format = (value: number) => formatScoreAs(as, value);
  const { median, lower, upper, n } = spread;
  return n === 1 ? format(median) : `${format(median)} (${format(lower)} – ${format(upper)})`;
}

function describeSeeds(seeds: readonly number[]): string {
  const unique = [...new Set(seeds)];
  const [first, last] = [unique[0]!, unique.at(-1)!];
  return unique.length > 2 && last - first === unique.length - 1 ? `${first}..${last}` : unique.join(',');
}

function describeStatuses(statuses: RunGroup['statuses']): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}
