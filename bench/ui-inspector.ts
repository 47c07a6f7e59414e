/** How quickly a checkpoint's episode opens in the real window, how smoothly it is scrubbed, and what that takes in memory. */
import type { ElectronApplication, Page } from '@playwright/test';
import { openWorkbench } from '../e2e/support/workbench.ts';
import { createRunSpec, type RunChoices } from '../core/experiments/create-run-spec.ts';
import { peakOfInspection } from './inspection-memory.ts';
import { median, percentile } from './statistics.ts';

export interface InspectorFigures {
  readonly what: string;
  readonly steps: number;
  /** From leaving another screen to the drawn matrices: of a window whose host has no process for the run yet, and of later times. */
  readonly openMs: number;
  readonly againMs: number;
  /** Between two frames, each with another step, and the page's own work in one. */
  readonly frameMedianMs: number;
  readonly frameP95Ms: number;
  readonly workP95Ms: number;
  /** Of that, computing what is to be drawn: all but style, layout and drawing, whose calls wait for the program that draws. */
  readonly computeMedianMs: number;
  readonly computeP95Ms: number;
  /** Of the page's process, beyond what it had on another screen. */
  readonly pageBytes: number;
  /** The most that the process of the run had resident; undefined where the system does not tell. */
  readonly processBytes: number | undefined;
}

const checkpoints = { evaluationEvery: 0, checkpointEvery: 1000 };
const subjects: readonly { readonly what: string; readonly choices: RunChoices }[] = [
  { what: 'images, 1,025 neurons', choices: { experiment: 'images', episodes: 30, settings: checkpoints } },
  { what: 'binary patterns, 1,001 neurons', choices: { experiment: 'binary', episodes: 3, settings: checkpoints } },
  { what: 'maze, 100 neurons', choices: { experiment: 'maze', episodes: 30, settings: checkpoints } },
];
const frames = 150;
const later = 3;

export async function measureInspector(data: string): Promise<InspectorFigures[]> {
  const workbench = await openWorkbench({ data, keep: true });
  const { page, app } = workbench;
  try {
    const { api, followRun } = await workbench.connect();
    await api.host.changeSettings({ minimumFreeBytes: 0 });
    const figures: InspectorFigures[] = [];
    for (const { what, choices } of subjects) {
      const [run] = await api.runs.create({ specs: [createRunSpec(choices)] });
      for await (const _update of followRun(run!.id));
      await page.evaluate(() => (location.hash = '#/queue'));
      await page.getByRole('heading', { name: 'Queue' }).waitFor();
      await page.waitForTimeout(2000);
      const before = await pageBytes(app, page);
      const route = `#/runs/${run!.id}?tab=inside&step=2`;
      const openMs = await timeOpen(page, route);
      const again: number[] = [];
      for (let times = 0; times < later; times++) {
        await page.evaluate(() => (location.hash = '#/queue'));
        await page.waitForTimeout(500);
        again.push(await timeOpen(page, route));
      }
      const { gaps, works, computes, steps } = await scrub(page);
      const after = await pageBytes(app, page);
      figures.push({
        what,
        steps,
        openMs,
        againMs: median(again),
        frameMedianMs: median(gaps),
        frameP95Ms: percentile(gaps, 0.95),
        workP95Ms: percentile(works, 0.95),
        computeMedianMs: median(computes),
        computeP95Ms: percentile(computes, 0.95),
        pageBytes: after - before,
        processBytes: peakOfInspection(data),
      });
    }
    return figures;
  } finally {
    await workbench.close();
  }
}

async function timeOpen(page: Page, route: string): Promise<number> {
  return await page.evaluate(
    (hash) =>
      new Promise<number>((resolve) => {
        const startedMs = performance.now();
        location.hash = hash;
        const look = () => {
          // The frame after the one in which the matrices have their limits is on the screen.
          if (document.querySelector('[aria-label="Step of the episode"]') === null || document.querySelector('.ground') === null)
            requestAnimationFrame(look);
          else requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedMs)));
        };
        look();
      }),
    route,
  );
}

/** One step a frame, back and forth, by the keys that people press; a task behind each frame tells how long the page worked in it. */
async function scrub(page: Page): Promise<{ gaps: number[]; works: number[]; computes: number[]; steps: number }> {
  return await page.evaluate(
    (count) =>
      new Promise<{ gaps: number[]; works: number[]; computes: number[]; steps: number }>((resolve) => {
        const slider = document.querySelector('[aria-label="Step of the episode"]')!;
        const steps = Number(slider.getAttribute('aria-valuemax'));
        const gaps: number[] = [];
        const works: number[] = [];
        const computes: number[] = [];
        const channel = new MessageChannel();
        let [number, frameMs, drawMs] = [0, 0, 0];
        for (const { prototype } of [WebGL2RenderingContext, CanvasRenderingContext2D]) {
          const methods = prototype as unknown as Record<string, unknown>;
          for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
            if (typeof value !== 'function') continue;
            methods[name] = function (this: unknown, ...args: unknown[]): unknown {
              const startedMs = performance.now();
              const result = Reflect.apply(value as () => unknown, this, args) as unknown;
              drawMs += performance.now() - startedMs;
              return result;
            };
          }
        }
        channel.port1.onmessage = () => works.push(performance.now() - frameMs);
        const step = () => {
          const nowMs = performance.now();
          if (number > 1) gaps.push(nowMs - frameMs);
          if (number > count) {
            resolve({ gaps, works, computes, steps });
            return;
          }
          [frameMs, drawMs] = [nowMs, 0];
          const key = Math.floor(number / (steps - 3)) % 2 === 0 ? 'ArrowRight' : 'ArrowLeft';
          number++;
          slider.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
          // What the page does about a step is done when the microtasks that were waiting are.
          queueMicrotask(() => queueMicrotask(() => computes.push(performance.now() - nowMs - drawMs)));
          requestAnimationFrame(step);
          channel.port2.postMessage(null);
        };
        requestAnimationFrame(step);
      }),
    frames,
  );
}

/** What the page's process keeps to itself, after its garbage was collected. */
async function pageBytes(app: ElectronApplication, page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  return await app.evaluate(({ app: electron, BrowserWindow }) => {
    const pid = BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId();
    const found = electron.getAppMetrics().find((metric) => metric.pid === pid);
    return 1024 * (found?.memory.workingSetSize ?? 0);
  });
}
