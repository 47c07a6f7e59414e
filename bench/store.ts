/** How fast a lab of 10,000 runs and 50 million metric values answers: its host's start, lists, curves and single values. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FailureError } from '../core/contract/errors.ts';
import type { RunQuery } from '../core/contract/api/runs.ts';
import { formatBytes, formatCount, formatTable } from '../main/cli/format.ts';
import { connectHost, type HostClient } from '../main/host-client/connect-host.ts';
import { freeBytes } from '../main/run-folder/disk-space.ts';
import { createLargeLab, type LargeLab } from './large-lab.ts';
import { leaveHost } from './leave-host.ts';
import { evict, measureLatency, type Latency } from './latency.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { readOptions } from './options.ts';

const neededBytes = 5e9;
const program = { trainerEntry: fileURLToPath(new URL('../main/trainer/entry.ts', import.meta.url)), idleMs: 100 };

const options = readOptions(process.argv.slice(2));
const starts = 2 * options.rounds;
const warmCalls = 20 * options.rounds;
const coldCalls = 4 * options.rounds;

const listTargetMs = 100;
const page = { limit: 200 };
const lists: [name: string, query: RunQuery][] = [
  ['newest first', page],
  ['by loss', { ...page, sort: [{ by: 'loss', descending: false }] }],
  [
    'filtered by status, tag and loss, by a parameter',
    {
      ...page,
      status: ['finished'],
      tags: ['baseline'],
      numbers: [{ column: 'loss', is: '<', value: 30 }],
      sort: [{ by: 'parameter:learningRate', descending: true }],
    },
  ],
  ['that have three words', { ...page, text: 'yoked ablation baseline', sort: [{ by: 'name', descending: false }] }],
];

const folder = mkdtempSync(join(tmpdir(), 'engram-bench-'));
try {
  if (freeBytes(folder) < neededBytes)
    throw new FailureError(
      'disk-full',
      `the large lab needs ${formatBytes(neededBytes)} in ${folder}; ${formatBytes(freeBytes(folder))} are free`,
    );
  const data = join(folder, 'lab');
  process.stderr.write('building the lab …\n');
  const startedMs = performance.now();
  const lab = createLargeLab(data);
  const buildSeconds = (performance.now() - startedMs) / 1e3;
  const rows = [...(await measureStarts(data)), ...(await measureCalls(data, lab))];
  report({ ...lab, buildSeconds, labBytes: sizeOf(data, 'lab.db'), seriesBytes: sizeOf(data, 'series.db') }, rows);
  process.exitCode = rows.every(({ p95Ms, targetMs = Infinity }) => p95Ms <= targetMs) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureStarts(data: string): Promise<Latency[]> {
  let client: HostClient | undefined;
  const start = async () => {
    client = await connectHost(data, program);
    await client.api.host.status();
  };
  const leave = async () => {
    if (client !== undefined) await leaveHost(client);
    client = undefined;
  };
  const first = await measureLatency('start of the host to its first answer, the first time', 1, start, { prepare: leave });
  const cold = async () => {
    await leave();
    evict(databasesIn(data));
  };
  const rows = [
    first,
    await measureLatency('start of the host to its first answer, cold', starts, start, { prepare: cold, targetMs: 1000 }),
    await measureLatency('start of the host to its first answer', starts, start, { prepare: leave, targetMs: 1000 }),
  ];
  await leave();
  return rows;
}

async function measureCalls(data: string, { longRun: run, longIterations }: LargeLab): Promise<Latency[]> {
  const client = await connectHost(data, program);
  const { api } = client;
  let turn = 0;
  const anywhere = () => 1 + ((turn++ * 7919) % longIterations);
  const calls: [name: string, call: () => Promise<unknown>, targetMs: number | undefined][] = [
    ...lists.map(([name, query]): [string, () => Promise<unknown>, number] => [
      `200 runs ${name}`,
      () => api.runs.list(query),
      listTargetMs,
    ]),
    ['all runs grouped by specification', () => api.runs.group({ query: {}, by: 'all-but-seed' }), listTargetMs],
    [
      'filtered runs grouped by variant and batch',
      () => api.runs.group({ query: { status: ['finished'], tags: ['baseline'] }, by: ['variant', 'batch'] }),
      listTargetMs,
    ],
    ['a curve of 500,000 iterations in 2,000 points', () => api.metrics.thinned({ runs: [run], names: ['loss'], points: 2000 }), 100],
    ['a quarter of it', () => api.metrics.thinned({ runs: [run], names: ['loss'], points: 2000, from: 200_001, to: 325_000 }), 100],
    ['the curve along seconds', () => api.metrics.curves({ runs: [run], names: ['loss'], along: 'seconds', points: 2000 }), 100],
    ['the exact values of one iteration', () => api.metrics.at({ run, iteration: anywhere() }), 10],
    ['all 10,000 runs as columns', () => api.runs.table(), undefined],
    ['all 10,000 runs with everything', () => api.runs.list({}), undefined],
  ];
  const rows: Latency[] = [];
  for (const [name, call, targetMs] of calls) {
    const target = targetMs === undefined ? {} : { targetMs };
    rows.push(await measureLatency(`${name}, cold`, coldCalls, call, { prepare: () => evict(databasesIn(data)) }));
    rows.push(await measureLatency(name, targetMs === undefined ? coldCalls : warmCalls, call, target));
  }
  await leaveHost(client);
  return rows;
}

function databasesIn(data: string): string[] {
  return ['lab.db', 'lab.db-wal', 'series.db', 'series.db-wal'].map((name) => join(data, name));
}

function sizeOf(data: string, name: string): number {
  return statSync(join(data, name)).size;
}

function report(lab: LargeLab & { buildSeconds: number; labBytes: number; seriesBytes: number }, rows: readonly Latency[]): void {
  const machine = describeMachine();
  if (options.json) {
    console.log(JSON.stringify({ atMs: Date.now(), machine, load: loadavg()[0], lab, rows }));
    return;
  }
  console.log(
    `${formatCount(lab.runs)} runs, ${formatCount(lab.values)} metric values: lab.db ${formatBytes(lab.labBytes)}, series.db ${formatBytes(lab.seriesBytes)}, built in ${lab.buildSeconds.toFixed(0)} s`,
  );
  console.log(describeConditions(machine));
  const cells = rows.map(({ name, calls, medianMs, p95Ms, targetMs }) => [
    name,
    String(calls),
    medianMs.toFixed(1),
    p95Ms.toFixed(1),
    targetMs === undefined ? '–' : `≤ ${targetMs}`,
  ]);
  formatTable([['what', 'calls', 'median ms', '95th percentile ms', 'target'], ...cells]).forEach((line) => console.log(line));
}
