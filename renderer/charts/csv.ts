/** The numbers behind a chart, every one of them, as comma-separated values. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { host } from '../host.svelte.ts';
import { cell } from './csv-cell.ts';

const page = 100_000;
/** What a window can hold and write; whole labs are exported by the host. */
export const mostRows = 2_000_000;

export type CsvRun = Pick<RunSummary, 'id' | 'name' | 'spec' | 'iteration'>;

const columns = ['run', 'name', 'experiment', 'variant', 'seed', 'iteration', 'episodes', 'seconds'] as const;

/**
 * Every iteration of the runs with the named metrics, exactly; a line a run and iteration.
 * @throws Error where these are too many for one file.
 */
export async function metricsAsCsv(runs: readonly CsvRun[], names: readonly string[]): Promise<string> {
  const rows = runs.reduce((sum, { iteration }) => sum + iteration, 0);
  if (rows > mostRows) {
    throw new Error(
      `${rows.toLocaleString('en')} iterations are too many for this window (at most ${mostRows.toLocaleString('en')}); export the runs instead`,
    );
  }
  const lines = [[...columns, ...names].join(',')];
  for (const run of runs) {
    const values = await readAll(run.id, ['episodes', 'seconds', ...names]);
    const { experiment, variant, seed } = run.spec;
    const own = [run.id, run.name, experiment, variant, seed].map(cell).join(',');
    for (const [iteration, row] of values) lines.push(`${own},${iteration},${row.map((value) => value ?? '').join(',')}`);
  }
  return `${lines.join('\n')}\n`;
}

async function readAll(run: string, names: readonly string[]): Promise<Map<number, (number | undefined)[]>> {
  const rows = new Map<number, (number | undefined)[]>();
  for (const [column, name] of names.entries()) {
    for (let from = 0; ;) {
      const query = { run, name, from, limit: page };
      const values = await host.call((api) => api.metrics.values(query));
      for (const { iteration, value } of values) {
        let row = rows.get(iteration);
        if (row === undefined) rows.set(iteration, (row = new Array<number | undefined>(names.length).fill(undefined)));
        row[column] = value;
      }
      if (values.length < page) break;
      from = values.at(-1)!.iteration + 1;
    }
  }
  return rows;
}
