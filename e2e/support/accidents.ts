/** What may go wrong around a live run, and what the window then shows; asked of the window itself, since Playwright gives a crashed page up. */
import type { ElectronApplication } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostClient } from '../../main/host-client/connect-host.ts';
import { smallSpec } from './small-runs.ts';

/** The text of the page in front; empty while there is none. */
async function readPage(app: ElectronApplication): Promise<string> {
  return await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const contents = window?.webContents;
    if (contents === undefined || contents.isCrashed()) return '';
    const late = new Promise((resolve) => setTimeout(() => resolve(''), 200));
    return String(await Promise.race([contents.executeJavaScript('document.body.innerText').catch(() => ''), late]));
  });
}

/** How long it takes until the page says so, in milliseconds. */
export async function untilPageSays(app: ElectronApplication, isTrue: (text: string) => boolean, patienceMs = 20_000): Promise<number> {
  const begunMs = performance.now();
  let text = '';
  while (performance.now() - begunMs < patienceMs) {
    text = await readPage(app);
    if (isTrue(text)) return performance.now() - begunMs;
    await sleep(10);
  }
  throw new Error(`the page does not say so within ${patienceMs} ms; it says: ${text}`);
}

export async function crashRenderer(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
}

/** A run that trains for minutes, some way in. */
export async function startLongRun({ api }: HostClient): Promise<string> {
  await api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 1 });
  const [run] = await api.runs.create({ specs: [smallSpec({ episodes: 1_000_000 })] });
  await untilIteration(api, run!.id, 100);
  return run!.id;
}

export async function untilIteration(api: HostClient['api'], run: string, iteration: number): Promise<void> {
  while ((await api.runs.get({ run })).iteration < iteration) await sleep(20);
}

/** Iterations whose loss is missing or there twice, once the run has ended; none is what is wanted. */
export async function findLost({ api }: HostClient, run: string): Promise<number[]> {
  const { iteration: last } = await api.runs.get({ run });
  const counts = new Map<number, number>();
  for (let from = 0; from <= last;) {
    const values = await api.metrics.values({ run, name: 'loss', from });
    if (values.length === 0) break;
    for (const { iteration } of values) counts.set(iteration, (counts.get(iteration) ?? 0) + 1);
    from = values.at(-1)!.iteration + 1;
  }
  return Array.from({ length: last }, (_, index) => index + 1).filter((iteration) => counts.get(iteration) !== 1);
}
