/** What eight live runs cost the window that shows them: long tasks, and memory over time. */
import type { Page } from '@playwright/test';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openWorkbench } from '../e2e/support/workbench.ts';
import { runsFolder } from '../main/run-folder/data-folder.ts';
import { prepareLiveRuns } from './live-runs.ts';
import { valuesAnIteration } from './metrics-records.ts';

export interface LiveFigures {
  readonly runs: number;
  readonly valuesAMinute: number;
  readonly seconds: number;
  readonly longTasks: number;
  readonly longestTaskMs: number;
  /** After the garbage was collected: when it had settled, and at the end. */
  readonly heapBytes: readonly [number, number];
  readonly nodes: readonly [number, number];
}

const feedProgram = fileURLToPath(new URL('journal-feed.ts', import.meta.url));
const settleSeconds = 8;
const spareSeconds = 6;

/** @param valuesAMinute of each run. */
export async function measureLive(dataFolder: string, seconds: number, runs = 8, valuesAMinute = 100_000): Promise<LiveFigures> {
  const ids = Array.from({ length: runs }, (_, index) => `zz-live-${Date.now()}-${index}`);
  prepareLiveRuns(dataFolder, ids);
  const rate = valuesAMinute / 60 / valuesAnIteration;
  const whole = settleSeconds + seconds + spareSeconds;
  const feed = fork(feedProgram, [String(whole), String(rate), ...ids.map((id) => join(runsFolder(dataFolder), id))]);
  const exit = once(feed, 'exit');
  // From here on, it has the runs' locks, and the host takes it for their trainers.
  await once(feed, 'message');
  const workbench = await openWorkbench({ data: dataFolder, keep: true });
  try {
    const { page } = workbench;
    await page.getByRole('row').nth(3).click();
    feed.send('begin');
    await sleep(settleSeconds * 1000);
    const before = await readMemory(page);
    const tasks = await watchTasks(page, seconds);
    const after = await readMemory(page);
    return {
      ...{ runs, valuesAMinute, seconds },
      longTasks: tasks.length,
      longestTaskMs: Math.max(0, ...tasks),
      heapBytes: [before.heapBytes, after.heapBytes],
      nodes: [before.nodes, after.nodes],
    };
  } finally {
    await exit;
    await workbench.close();
  }
}

/** The length of each task of more than 50 ms. */
async function watchTasks(page: Page, seconds: number): Promise<number[]> {
  return await page.evaluate(
    (count) =>
      new Promise<number[]>((resolve) => {
        const tasks: number[] = [];
        new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
        setTimeout(() => resolve(tasks), count * 1000);
      }),
    seconds,
  );
}

async function readMemory(page: Page): Promise<{ heapBytes: number; nodes: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize: heapBytes } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  await session.detach();
  return { heapBytes, nodes };
}
