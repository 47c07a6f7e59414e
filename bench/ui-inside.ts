/** Looking inside runs: how long an episode takes to open, how smoothly it is scrubbed, what that takes in memory, and what following costs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatTable } from '../main/cli/format.ts';
import { resolveUserPath } from '../main/cli/options.ts';
import { measureFollowing, type FollowingFigures } from './ui-following.ts';
import { peakOfBackend } from './inspection-memory.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { readOptions } from './options.ts';
import { asMarkdown, writeMarkdown } from './report.ts';
import { median } from './statistics.ts';
import { measureInspector, type InspectorFigures } from './ui-inspector.ts';
import { withScreen } from './with-screen.ts';

const options = readOptions(process.argv.slice(2));
process.exitCode = await withScreen(import.meta.url, measure);

async function measure(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'engram-bench-'));
  try {
    const [machine, load] = [describeMachine(), loadavg()[0]!];
    const backendBytes = peakOfBackend();
    say('opening and scrubbing …');
    const inspector = await measureInspector(join(folder, 'inspector'));
    say('following live runs …');
    const following = await measureFollowing(join(folder, 'following'), options.rounds);
    const results = { atMs: Date.now(), machine, load, backendBytes, inspector, following };
    if (options.json) console.log(JSON.stringify(results));
    const rows = describe(inspector, backendBytes, following);
    const conditions = `${describeConditions(machine)}; load of the machine at the beginning ${load.toFixed(1)}`;
    if (!options.json) [conditions, ...formatTable([['what', 'measured', 'target'], ...rows])].forEach((line) => console.log(line));
    if (options.out !== undefined) writeMarkdown(resolveUserPath(options.out), asMarkdown(conditions, rows), 'bench-inside');
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function describe(
  inspector: readonly InspectorFigures[],
  backendBytes: number | undefined,
  { aloneSeconds, followedSeconds }: FollowingFigures,
): string[][] {
  const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
  const seconds = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(', ');
  const slower = 100 * (median(followedSeconds) / median(aloneSeconds) - 1);
  return [
    ...inspector.flatMap((each) => [
      [`${each.what}: from another screen to the matrices`, `${ms(each.openMs)}, later ${ms(each.againMs)}`, '≤ 1.5 s'],
      [
        `… a step a frame of ${each.steps}`,
        `median ${ms(each.frameMedianMs)}, 95th percentile ${ms(each.frameP95Ms)}`,
        '≤ 16 ms with a graphics card, ≤ 60 ms without',
      ],
      ['… of which everything but drawing', `median ${ms(each.computeMedianMs)}, 95th percentile ${ms(each.computeP95Ms)}`, '≤ 5 ms'],
      ['… memory of the page', formatBytes(each.pageBytes), '≤ 250 MB'],
      [
        '… memory of its process at its peak, beyond that of one with the backend alone',
        each.processBytes === undefined || backendBytes === undefined ? '–' : formatBytes(each.processBytes - backendBytes),
        '≤ 150 MB',
      ],
    ]),
    [
      'training of 2,000 image episodes, alone and followed checkpoint by checkpoint',
      `${seconds(aloneSeconds)} s; ${seconds(followedSeconds)} s: ${slower.toFixed(1)} % longer in the median`,
      '≤ 2 %',
    ],
  ];
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
