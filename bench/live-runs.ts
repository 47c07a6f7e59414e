/** Several runs at once, followed by a real host while they are written: whether anything is lost, and how far the host lags behind. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { connectHost, type HostClient } from '../main/host-client/connect-host.ts';
import { openStores } from '../main/host/store/open-stores.ts';
import { insertRuns } from '../main/host/store/runs.ts';
import { runsFolder } from '../main/run-folder/data-folder.ts';
import { runPaths } from '../main/run-folder/run-paths.ts';
import { leaveHost } from './leave-host.ts';
import { createMetricsRecord, valuesAnIteration } from './metrics-records.ts';
import { percentile } from './statistics.ts';

export interface LiveRuns {
  readonly runs: number;
  readonly valuesAMinute: number;
  readonly seconds: number;
  readonly written: number;
  readonly lost: number;
  readonly wrong: number;
  /** How old what a client is told is, in milliseconds. */
  readonly lagMs: { readonly firstThird: number; readonly lastThird: number; readonly p95: number };
  /** How long the host takes meanwhile to answer a question, in milliseconds. */
  readonly answerMs: { readonly median: number; readonly p95: number };
}

interface Written {
  readonly atMs: number;
  readonly written: number;
}

const feedProgram = fileURLToPath(new URL('journal-feed.ts', import.meta.url));
const trainerEntry = fileURLToPath(new URL('../main/trainer/entry.ts', import.meta.url));
const askEveryMs = 100;

/** @param valuesAMinute of each run. */
export async function measureLiveRuns(
  dataFolder: string,
  { runs = 8, valuesAMinute = 100_000, seconds = 60 }: { runs?: number; valuesAMinute?: number; seconds?: number } = {},
): Promise<LiveRuns> {
  const ids = Array.from({ length: runs }, (_, index) => `live-${index}`);
  const folders = ids.map((id) => join(runsFolder(dataFolder), id));
  const rate = valuesAMinute / 60 / valuesAnIteration;
  prepareLiveRuns(dataFolder, ids);
  const feed = fork(feedProgram, [String(seconds), String(rate), ...folders]);
  const exit = once(feed, 'exit');
  const told: Written[] = [];
  feed.on('message', (message) => told.push(message as Written));
  // From here on, it has the runs' locks, and the host takes it for their trainers.
  await once(feed, 'message');
  const client = await connectHost(dataFolder, { trainerEntry, idleMs: 100 });
  try {
    feed.send('begin');
    const { taken, answers } = await watch(client, runs, exit);
    const lags = taken.map(({ atMs, written }) => atMs - timeOf(told, written));
    const third = Math.floor(lags.length / 3);
    return {
      ...{ runs, valuesAMinute, seconds },
      ...(await compare(client, ids, Math.round(seconds * rate))),
      lagMs: {
        firstThird: percentile(lags.slice(0, third), 0.5),
        lastThird: percentile(lags.slice(-third), 0.5),
        p95: percentile(lags, 0.95),
      },
      answerMs: { median: percentile(answers, 0.5), p95: percentile(answers, 0.95) },
    };
  } finally {
    await leaveHost(client);
    rmSync(dataFolder, { recursive: true });
  }
}

/** Makes runs that are under way, but for their trainers. */
export function prepareLiveRuns(dataFolder: string, ids: readonly string[]): void {
  const stores = openStores(dataFolder);
  const spec = createRunSpec({ experiment: 'images', backend: 'cpu' });
  insertRuns(
    stores.lab,
    ids.map((id) => ({ id, spec, status: 'running', slot: 'cpu', createdAtMs: Date.now() })),
  );
  stores.close();
  for (const id of ids) {
    const paths = runPaths(join(runsFolder(dataFolder), id));
    mkdirSync(paths.folder);
    writeFileSync(paths.spec, JSON.stringify(spec));
  }
}

/** Asks the host how far it is, until the writer has ended. */
async function watch({ api }: HostClient, count: number, exit: Promise<unknown>): Promise<{ taken: Written[]; answers: number[] }> {
  const taken: Written[] = [];
  const answers: number[] = [];
  const ending = new AbortController();
  void exit.then(() => ending.abort());
  while (!ending.signal.aborted) {
    const startedMs = performance.now();
    const { runs } = await api.runs.list({ status: ['running'] });
    answers.push(performance.now() - startedMs);
    const written = runs.reduce((sum, { iteration }) => sum + iteration, 0);
    if (written > 0 && runs.length === count) taken.push({ atMs: Date.now(), written });
    await sleep(askEveryMs);
  }
  return { taken, answers };
}

/** When so many records had been written, between two times at which the writer told. */
function timeOf(told: readonly Written[], written: number): number {
  const after = told.findIndex((each) => each.written >= written);
  if (after <= 0) return told.at(after)!.atMs;
  const [a, b] = [told[after - 1]!, told[after]!];
  return a.atMs + ((b.atMs - a.atMs) * (written - a.written)) / (b.written - a.written);
}

async function compare({ api }: HostClient, ids: readonly string[], iterations: number) {
  let [lost, wrong] = [0, 0];
  for (const run of ids) {
    while ((await api.runs.get({ run })).status === 'running') await sleep(askEveryMs);
    const values = await api.metrics.values({ run, name: 'loss' });
    lost += iterations - values.length;
    for (const { iteration, value } of values) if (value !== createMetricsRecord(iteration).values['loss']) wrong++;
  }
  return { written: iterations * ids.length, lost, wrong };
}
