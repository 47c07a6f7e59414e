/** A comparison as comma-separated values: every value where that is possible, and the table. */
import { cell } from '../charts/csv-cell.ts';
import { metricsAsCsv, mostRows, type CsvRun } from '../charts/csv.ts';
import type { TableRow } from '../runs/row.ts';
import type { Comparison } from './comparison.svelte.ts';
import { readPart } from './differences.ts';

/** Every iteration of every run; of more than a window can hold, the curves as they are drawn. */
export async function chartAsCsv(comparison: Comparison): Promise<string> {
  const runs = comparison.visible.flatMap(({ rows }) => rows);
  const values = runs.reduce((sum, { iteration }) => sum + iteration, 0);
  return values <= mostRows ? await metricsAsCsv(runs.map(toCsvRun), [comparison.metric]) : drawnAsCsv(comparison, runs);
}

function toCsvRun({ id, name, recipe, seed, iteration }: TableRow): CsvRun {
  return { id, name, iteration, spec: { ...recipe, seed } };
}

function drawnAsCsv({ curves, metric, link }: Comparison, runs: readonly TableRow[]): string {
  const lines = [`run,name,experiment,variant,seed,iterations_a_bucket,${link.along},mean`];
  for (const { id, name, recipe, seed } of runs) {
    const curve = curves.get(id, metric);
    if (curve === undefined) continue;
    const own = [id, name, recipe.experiment, recipe.variant, seed, curve.bucket].map(cell).join(',');
    curve.x.forEach((x, at) => lines.push(`${own},${x},${curve.mean[at]!}`));
  }
  return `${lines.join('\n')}\n`;
}

/** A line a run: what differs, and the final values. */
export function tableAsCsv({ rows, parts }: Comparison): string {
  const head = ['run', 'name', 'seed', ...parts.map(({ name }) => name), 'status', 'episodes', 'loss', 'score'];
  const lines = rows.map((row) =>
    [row.id, row.name, row.seed, ...parts.map((part) => readPart(part, [row])), row.status, row.episodes, row.loss ?? '', row.score ?? '']
      .map(cell)
      .join(','),
  );
  return `${[head.join(','), ...lines].join('\n')}\n`;
}
