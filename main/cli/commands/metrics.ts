/** `metrics RUN [NAME…]`: the values of every iteration. */
import { InputError } from '../../../core/contract/errors.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import type { LabClient } from '../../host-client/connection.ts';
import type { Context, SetupCommand } from '../context.ts';
import { formatCount, formatNumber } from '../format.ts';
import { readCountOption } from '../options.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';
import { layOutTable } from '../table.ts';

interface MetricsOptions {
  readonly from?: string;
  readonly to?: string;
  readonly last?: string;
}

interface Range {
  readonly from?: number;
  readonly to?: number;
}

type Values = Awaited<ReturnType<LabClient['metrics']['values']>>;

/** As many values as the host gives at a time. */
const pageValues = 100_000;
/** A screenful; `--json` shows all. */
const usualLast = 20;

export const setupMetrics: SetupCommand = (program, context) => {
  program
    .command('metrics')
    .description("a run's values of a metric by iteration; without a name, what there is")
    .argument('<run>', runArgument)
    .argument('[names...]', 'for example loss')
    .option('--from <N>', 'only from this iteration on')
    .option('--to <N>', 'only up to this iteration')
    .option('--last <N>', `only the last ones (default: ${usualLast}; with --json, --from or --to all)`)
    .action(async (run: string, names: readonly string[], options: MetricsOptions) => {
      const range = readRangeOptions(options);
      const isWhole = context.output.json || options.from !== undefined || options.to !== undefined;
      const last = readCountOption('--last', options.last, 1, Number.MAX_SAFE_INTEGER) ?? (isWhole ? Infinity : usualLast);
      if (names.length === 0) await showNames(context, run);
      else await showValues(context, run, names, range, last);
    });
};

function readRangeOptions(options: MetricsOptions): Range {
  const from = readCountOption('--from', options.from, 0, Number.MAX_SAFE_INTEGER);
  const to = readCountOption('--to', options.to, 0, Number.MAX_SAFE_INTEGER);
  if (from !== undefined && to !== undefined && from > to)
    throw new InputError('range-invalid', `--from ${from} comes after --to ${to}: no iteration is in between`);
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

async function showNames(context: Context, argument: string): Promise<void> {
  const { output } = context;
  const { api } = await context.connect();
  const { id, iteration, metrics: names } = await api.runs.get({ run: toRunArgument(context, argument) });
  if (output.json) {
    output.value(names);
    return;
  }
  if (names.length === 0) {
    output.line(describeNone(id));
    return;
  }
  const latest = await api.metrics.at({ run: id, iteration });
  const rows = names.map((name) => ({ name, value: latest[name] }));
  const heading = `at iteration ${formatCount(iteration)}`;
  const columns = [
    { heading: 'metric', cell: ({ name }: (typeof rows)[0]) => name },
    { heading, cell: ({ value }: (typeof rows)[0]) => (value === undefined ? '–' : formatNumber(value)), align: 'right' as const },
  ];
  for (const line of layOutTable(rows, columns, output.columns)) output.line(line);
}

async function showValues(context: Context, argument: string, names: readonly string[], range: Range, last: number): Promise<void> {
  const { output } = context;
  const { api } = await context.connect();
  const { id: run, metrics } = await api.runs.get({ run: toRunArgument(context, argument) });
  requireKnown(names, metrics);
  const series = await Promise.all(names.map((name) => readAll(api, run, name, range)));
  if (output.json && names.length === 1) {
    output.value(series[0]!.slice(-last));
    return;
  }
  const rows = joinSeries(names, series).slice(-last);
  if (output.json) {
    output.value(rows);
    return;
  }
  if (rows.length === 0) {
    output.line(metrics.length === 0 ? describeNone(run) : 'no iteration of the run is in that range');
    return;
  }
  const columns = ['iteration', ...names].map((heading) => ({
    heading,
    cell: (row: (typeof rows)[0]) => formatValue(heading, row[heading]),
    align: 'right' as const,
  }));
  for (const line of layOutTable(rows, columns, output.columns)) output.line(line);
  const all = Math.max(...series.map(({ length }) => length));
  if (rows.length < all) output.remark(`the last ${formatCount(rows.length)} of ${formatCount(all)}; --from 0 shows all`);
}

/** A run that has not begun has no metrics by which a name could be wrong. */
function requireKnown(names: readonly string[], metrics: readonly string[]): void {
  const unknown = metrics.length === 0 ? undefined : names.find((name) => !metrics.includes(name));
  if (unknown !== undefined) throw new InputError('unknown-metric', `the run has no metric "${unknown}": ${suggestName(unknown, metrics)}`);
}

function describeNone(id: string): string {
  return `run ${id} has no metrics yet`;
}

async function readAll(api: LabClient, run: string, name: string, { from = 0, ...rest }: Range): Promise<Values> {
  const all: Values[] = [];
  for (let next = from; ;) {
    const page = await api.metrics.values({ run, name, from: next, ...rest, limit: pageValues });
    all.push(page);
    if (page.length < pageValues) return all.flat();
    next = page.at(-1)!.iteration + 1;
  }
}

/** One row an iteration; absent where a metric has no value. */
function joinSeries(names: readonly string[], series: readonly Values[]): Readonly<Record<string, number>>[] {
  const rows = new Map<number, Record<string, number>>();
  for (const [index, name] of names.entries()) {
    for (const { iteration, value } of series[index]!) {
      const row = rows.get(iteration) ?? { iteration };
      row[name] = value;
      rows.set(iteration, row);
    }
  }
  return [...rows.values()].sort((a, b) => a['iteration']! - b['iteration']!);
}

function formatValue(name: string, value: number | undefined): string {
  if (value === undefined) return '–';
  return name === 'iteration' ? formatCount(value) : formatNumber(value);
}
