/** How long it takes, in an empty lab, from the click on the first card to a learning curve on the screen. Part of `bench ui`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkbench } from '../e2e/support/workbench.ts';

export interface FirstStartTimes {
  /** To the first value of the loss, in milliseconds. */
  readonly pointMs: number;
  /** To a chart of twenty values. */
  readonly curveMs: number;
  /** To a relative error that has visibly fallen: 0.8, where an answer of zeros has 1. */
  readonly fallenMs: number;
}

const askEveryMs = 20;

export async function measureFirstStart(): Promise<FirstStartTimes> {
  const workbench = await openWorkbench();
  try {
    const { page } = workbench;
    const { api } = await workbench.connect();
    const button = page.getByRole('button', { name: 'Start training' });
    await button.waitFor();
    const clickedMs = performance.now();
    await button.click();
    await page.waitForURL(/#\/runs\/\d/);
    const run = page.url().split('/').at(-1) ?? '';
    const until = async (isSo: (run: { iteration: number; score: number | null }) => boolean) => {
      while (!isSo(await api.runs.get({ run }))) await sleep(askEveryMs);
      return performance.now() - clickedMs;
    };
    const pointMs = await until(({ iteration }) => iteration > 0);
    await until(({ iteration }) => iteration >= 20);
    await page.locator('canvas').first().waitFor();
    const curveMs = performance.now() - clickedMs;
    const fallenMs = await until(({ score }) => score !== null && score < 0.8);
    await api.runs.stop({ run, now: true });
    return { pointMs, curveMs, fallenMs };
  } finally {
    await workbench.close();
  }
}
