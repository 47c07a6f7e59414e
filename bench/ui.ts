/** The window on a lab with 10,000 runs: its start, its table, eight live runs, curves, accidents. Brings what it needs to open windows, as journeys do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from '../e2e/support/workbench.ts';
import { formatBytes, formatTable } from '../main/cli/format.ts';
import { resolveUserPath } from '../main/cli/options.ts';
import { createLargeLab } from './large-lab.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { readOptions } from './options.ts';
import { asMarkdown, writeMarkdown } from './report.ts';
import { median, percentile } from './statistics.ts';
import { measureCharts } from './ui-charts.ts';
import { measureFirstStart } from './ui-first-start.ts';
import { measureLive } from './ui-live.ts';
import { measureRobustness } from './ui-robustness.ts';
import { measureStarts } from './ui-start.ts';
import { measureTable } from './ui-table.ts';
import { withScreen } from './with-screen.ts';

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
}

const options = readOptions(process.argv.slice(2));
process.exitCode = await withScreen(import.meta.url, measure);

async function measure(program: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'engram-bench-'));
  const data = join(folder, 'lab');
  try {
    say('first start …');
    const first = await measureFirstStart();
    say('building a lab with 10,000 runs …');
    createLargeLab(data, { values: 5_000_000, longIterations: 50_000 });
    const load = loadavg()[0]!;
    say('starts …');
    const starts = await measureStarts(program, data, options.rounds);
    say('table …');
    const workbench = await openWorkbench({ data, keep: true });
    await workbench.page.getByRole('row').nth(3).waitFor();
    const table = await measureTable(workbench.page, 4 * options.rounds);
    await workbench.close();
    say(`live runs, ${options.live} s …`);
    const live = await measureLive(data, options.live);
    say('curves …');
    const charts = await measureCharts(join(folder, 'charts'));
    const accidents = await measureRobustness(options.rounds, say);
    const results = { atMs: Date.now(), machine: describeMachine(), load, first, starts, table, live, charts, accidents };
    if (options.json) console.log(JSON.stringify(results));
    const rows = describe(results);
    const lines = rows.map(({ what, measured, target }) => [what, measured, target]);
    const conditions = `${describeConditions(results.machine)}; load of the machine at the beginning ${load.toFixed(1)}`;
    if (!options.json) [conditions, ...formatTable([['what', 'measured', 'target'], ...lines])].forEach((line) => console.log(line));
    if (options.out !== undefined) writeMarkdown(resolveUserPath(options.out), asMarkdown(conditions, lines), 'bench-ui');
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Results {
  readonly first: Awaited<ReturnType<typeof measureFirstStart>>;
  readonly starts: Awaited<ReturnType<typeof measureStarts>>;
  readonly table: Awaited<ReturnType<typeof measureTable>>;
  readonly live: Awaited<ReturnType<typeof measureLive>>;
  readonly charts: Awaited<ReturnType<typeof measureCharts>>;
  readonly accidents: Awaited<ReturnType<typeof measureRobustness>>;
}

function describe({ first, starts, table, live, charts, accidents }: Results): Row[] {
  const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
  const many = (values: readonly number[], limit: string, what: string): Row => ({
    what: `${what} (${values.length} times)`,
    measured: `median ${ms(median(values))}, 95th percentile ${ms(percentile(values, 0.95))}`,
    target: limit,
  });
  const growth = (100 * live.heapBytes[1]) / live.heapBytes[0] - 100;
  return [
    {
      what: 'first start: from the click to a learning curve of twenty values',
      measured: `${ms(first.curveMs)}; its first value ${ms(first.pointMs)}, visibly fallen ${ms(first.fallenMs)}`,
      target: '≤ 10 s',
    },
    many(
      starts.map(({ paintedMs }) => paintedMs),
      '≤ 0.7 s',
      'start of the window until it paints its frame',
    ),
    many(
      starts.map(({ filledMs }) => filledMs),
      '–',
      '… and rail, title and status bar stand in it',
    ),
    many(
      starts.map(({ usableMs }) => usableMs),
      '≤ 2 s',
      'start without a host until the table of 10,000 runs can be used',
    ),
    many(table.filterMs, '≤ 100 ms', 'filtering 10,000 runs'),
    many(table.sortMs, '≤ 100 ms', 'sorting them'),
    many(table.groupMs, '≤ 100 ms', 'grouping them by all but the seed, and back'),
    {
      what: `${live.runs} live runs, ${live.valuesAMinute.toLocaleString('en')} values a minute each, for ${live.seconds} s: tasks above 50 ms`,
      measured: live.longTasks === 0 ? 'none' : `${live.longTasks}, the longest ${ms(live.longestTaskMs)}`,
      target: 'none',
    },
    {
      what: '… heap of the page',
      measured: `${formatBytes(live.heapBytes[0])} to ${formatBytes(live.heapBytes[1])} (${growth >= 0 ? '+' : '−'}${Math.abs(growth).toFixed(1)} %), ${live.nodes[0]} to ${live.nodes[1]} nodes`,
      target: '± 10 %',
    },
    {
      what: `overlay of ${charts.runs} runs of ${charts.iterationsARun.toLocaleString('en')} iterations: first draw`,
      measured: `${ms(charts.firstDrawMs)}, later ${ms(charts.laterDrawMs)}, of which the host ${ms(charts.answerMs)}`,
      target: '≤ 300 ms',
    },
    ...(['pan', 'zoom'] as const).map((kind) => ({
      what: `… ${kind}: the page's work in a frame`,
      measured: `median ${ms(charts[kind].workMedianMs)}, 95th percentile ${ms(charts[kind].workP95Ms)}`,
      target: '≤ 16 ms',
    })),
    many(accidents.rendererMs, '≤ 1 s', 'from the kill of the page until it shows the run again'),
    many(accidents.hostMs, '≤ 1 s', 'from the kill of the host until another one answers the page'),
    many(accidents.trainerMs, '≤ 3 s', 'from the kill of the trainer until the page says so, and why'),
    {
      what: '… values of these runs missing or there twice',
      measured: accidents.lost === 0 ? 'none' : String(accidents.lost),
      target: 'none',
    },
  ];
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
