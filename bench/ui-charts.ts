/**
 * How quickly a hundred long runs are drawn beside one another in the real window, and how smoothly they are panned and zoomed. Part of
 * `bench ui`; alone it needs ENGRAM_ELECTRON and a screen.
 */
import type { Page } from '@playwright/test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from '../e2e/support/workbench.ts';
import { createLargeLab } from './large-lab.ts';
import { valuesAnIteration } from './metrics-records.ts';
import { median, percentile } from './statistics.ts';

export interface ChartFigures {
  readonly runs: number;
  readonly iterationsARun: number;
  /** From leaving another screen to the drawn overlay, in milliseconds: of a window that sees these runs for the first time, and of later ones. */
  readonly firstDrawMs: number;
  readonly laterDrawMs: number;
  /** Of that, the host's answer. */
  readonly answerMs: number;
  /** Between two frames, and the page's own work in one, in milliseconds. */
  readonly pan: FrameFigures;
  readonly zoom: FrameFigures;
}

export interface FrameFigures {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly workMedianMs: number;
  readonly workP95Ms: number;
}

const laterDraws = 5;
const frames = 120;

/** @param dataFolder a lab that is there, or is made. */
export async function measureCharts(dataFolder: string, { runs = 100, iterations = 100_000 } = {}): Promise<ChartFigures> {
  if (!existsSync(dataFolder))
    createLargeLab(dataFolder, { runs, values: runs * iterations * valuesAnIteration, longIterations: iterations });
  const workbench = await openWorkbench({ data: dataFolder, keep: true });
  try {
    const { page } = workbench;
    const { api } = await workbench.connect();
    const { runs: found } = await api.runs.list({ limit: runs });
    const ids = found.map(({ id }) => id);
    const answers: number[] = [];
    for (let times = 0; times < laterDraws; times++) {
      const startedMs = performance.now();
      await api.metrics.curves({ runs: ids, names: ['loss'], along: 'episodes', points: 400, extremes: false });
      answers.push(performance.now() - startedMs);
    }
    await page.goto('app://engram/#/queue');
    await page.getByRole('heading', { name: 'Queue' }).waitFor();
    const route = `#/compare?runs=${ids.join(',')}&by=none&metric=loss`;
    const draws: number[] = [];
    for (let times = 0; times <= laterDraws; times++) {
      draws.push(await timeDraw(page, route, ids.length));
      if (times < laterDraws) await page.evaluate(() => (location.hash = '#/queue'));
      await page.waitForTimeout(500);
    }
    const pan = await timeFrames(page, 'pan');
    const zoom = await timeFrames(page, 'zoom');
    const [firstDrawMs, ...later] = draws;
    return {
      runs,
      iterationsARun: iterations,
      firstDrawMs: firstDrawMs!,
      laterDrawMs: median(later),
      answerMs: median(answers),
      pan,
      zoom,
    };
  } finally {
    await workbench.close();
  }
}

async function timeDraw(page: Page, route: string, lines: number): Promise<number> {
  return await page.evaluate(
    ([hash, count]) =>
      new Promise<number>((resolve) => {
        const startedMs = performance.now();
        location.hash = hash;
        const look = () => {
          const chart = document.querySelector('[role=slider][data-lines]');
          if (chart?.getAttribute('data-lines') !== String(count)) requestAnimationFrame(look);
          // The chart draws in the frame after it has its lines; that frame is on the screen when the next one begins.
          else requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedMs)));
        };
        look();
      }),
    [route, lines] as const,
  );
}

/** One movement a frame, as a wheel or a touchpad makes them; a task behind each frame tells how long the page worked in it. */
async function timeFrames(page: Page, kind: 'pan' | 'zoom'): Promise<FrameFigures> {
  const { gaps, works } = await page.evaluate(
    ([how, count]) =>
      new Promise<{ gaps: number[]; works: number[] }>((resolve) => {
        const over = document.querySelector('.u-over')!;
        const { left, top, width } = over.getBoundingClientRect();
        const at = { clientX: left + width / 2, clientY: top + 50, bubbles: true, cancelable: true };
        const wheel = (more: WheelEventInit) => over.dispatchEvent(new WheelEvent('wheel', { ...at, ...more }));
        const measured = { gaps: [] as number[], works: [] as number[] };
        const channel = new MessageChannel();
        let [number, frameMs] = [0, 0];
        // A part of it is shown first: there is something to pan.
        if (how === 'pan') for (let times = 0; times < 3; times++) wheel({ ctrlKey: true, deltaY: -200 });
        channel.port1.onmessage = () => measured.works.push(performance.now() - frameMs);
        const step = () => {
          const nowMs = performance.now();
          if (number > 1) measured.gaps.push(nowMs - frameMs);
          if (number > count) {
            resolve(measured);
            return;
          }
          frameMs = nowMs;
          const turn = Math.floor(number / 20) % 2 === 0 ? 1 : -1;
          number++;
          wheel(how === 'pan' ? { shiftKey: true, deltaY: 12 * turn } : { ctrlKey: true, deltaY: -20 * turn });
          requestAnimationFrame(step);
          channel.port2.postMessage(null);
        };
        requestAnimationFrame(step);
      }),
    [kind, frames] as const,
  );
  return { medianMs: median(gaps), p95Ms: percentile(gaps, 0.95), workMedianMs: median(works), workP95Ms: percentile(works, 0.95) };
}

if (import.meta.main) {
  const [folder = join(mkdtempSync(join(tmpdir(), 'engram-bench-')), 'lab')] = process.argv.slice(2);
  console.log(JSON.stringify(await measureCharts(folder), null, 2));
  if (process.argv[2] === undefined) rmSync(folder, { recursive: true });
}
