/** Metrics of one run or several as CSV (RFC 4180) or JSON Lines, written row after row: millions of rows need little memory. */
import { InputError } from '../../core/contract/errors.ts';
import { prepareExport, writeExport } from './prepare-export.ts';

export type MetricFormat = 'csv' | 'jsonl';

export interface MetricRow {
  readonly iteration: number;
  readonly episodes: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface RunMetrics {
  readonly run: string;
  readonly rows: Iterable<MetricRow> | AsyncIterable<MetricRow>;
}

export interface MetricFileOptions {
  readonly to: string;
  readonly format: MetricFormat;
  /** The metrics to write, in this order; a row may lack any of them. */
  readonly names: readonly string[];
  readonly runs: readonly RunMetrics[];
  /** Whether each row begins with its run's id; without this when there are several runs. */
  readonly runColumn?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called every few hundred rows. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** Long enough to be written at once, short enough for others to have their turn in between. */
const chunkCharacters = 64 * 1024;
const ownColumns = ['run', 'iteration', 'episodes'];

type FormatRow = (run: string, row: MetricRow) => string;

/**
 * @returns the number of rows.
 * @throws InputError `export-not-writable`, or `metric-name` for a metric called like a column of its own; FailureError `disk-full`. An older file of this name is then untouched.
 */
export async function writeMetricFile(options: MetricFileOptions): Promise<{ rows: number }> {
  const { to, format, names, runs, runColumn = runs.length > 1, signal, onProgress } = options;
  const taken = names.find((name) => ownColumns.includes(name));
  if (taken !== undefined)
    throw new InputError('metric-name', `a metric called "${taken}" cannot be exported: that is the name of a column of its own`);
  prepareExport(to);
  const { header, formatRow } = format === 'csv' ? csv(names, runColumn) : jsonLines(names, runColumn);
  let rows = 0;
  const count = (written: number) => {
    rows = written;
    onProgress?.(written);
  };
  await writeExport(to, chunksOf(runs, header, formatRow, count), signal);
  return { rows };
}

async function* chunksOf(
  runs: readonly RunMetrics[],
  header: string,
  formatRow: FormatRow,
  onRows: (rows: number) => void,
): AsyncGenerator<string> {
  let chunk = header;
  let count = 0;
  for (const { run, rows } of runs) {
    for await (const row of rows) {
      chunk += formatRow(run, row);
      count++;
      if (chunk.length < chunkCharacters) continue;
      yield chunk;
      chunk = '';
      onRows(count);
    }
  }
  yield chunk;
  onRows(count);
}

function csv(names: readonly string[], runColumn: boolean): { header: string; formatRow: FormatRow } {
  const line = (fields: readonly string[]) => `${fields.join(',')}\r\n`;
  return {
    header: line([...(runColumn ? ['run'] : []), 'iteration', 'episodes', ...names].map(quoteField)),
    formatRow: (run, { iteration, episodes, values }) => {
      const numbers = names.map((name) => formatNumber(valueOf(values, name)));
      return line([...(runColumn ? [quoteField(run)] : []), String(iteration), String(episodes), ...numbers]);
    },
  };
}

function jsonLines(names: readonly string[], runColumn: boolean): { header: string; formatRow: FormatRow } {
  const quoted = names.map((name) => [name, JSON.stringify(name)] as const);
  return {
    header: '',
    formatRow: (run, { iteration, episodes, values }) => {
      const fields = runColumn ? [`"run":${JSON.stringify(run)}`] : [];
      fields.push(`"iteration":${iteration}`, `"episodes":${episodes}`);
      for (const [name, key] of quoted) {
        const value = valueOf(values, name);
        // JSON has no other numbers.
        if (Number.isFinite(value)) fields.push(`${key}:${formatNumber(value)}`);
      }
      return `{${fields.join(',')}}\n`;
    },
  };
}

function valueOf(values: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The shortest text that reads back as the same number; JavaScript's own loses the sign of zero. */
function formatNumber(value: number | undefined): string {
  if (value === undefined) return '';
  return Object.is(value, -0) ? '-0' : String(value);
}

function quoteField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
