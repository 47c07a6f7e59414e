/** How long it takes from starting the window, without a host, until it is painted and until its table can be used. */
import { chromium, type Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectHost } from '../main/host-client/connect-host.ts';
import { evict } from './latency.ts';
import { leaveHost } from './leave-host.ts';

export interface StartTimes {
  /** The first frame that is not empty: the window's own frame. */
  readonly paintedMs: number;
  /** The first words: rail, title, status bar. */
  readonly filledMs: number;
  readonly usableMs: number;
}

const root = resolve(import.meta.dirname, '..');

const lookAfterMs = 4000;

/** The first one is not counted: it compiles what later ones find compiled. `electron`: its program. */
export async function measureStarts(electron: string, dataFolder: string, times: number): Promise<StartTimes[]> {
  const settings = mkdtempSync(join(tmpdir(), 'engram-bench-settings-'));
  const starts: StartTimes[] = [];
  try {
    for (let done = 0; done <= times; done++) {
      evict(['lab.db', 'lab.db-wal', 'series.db', 'series.db-wal'].map((name) => join(dataFolder, name)));
      starts.push(await measureStart(electron, dataFolder, settings));
    }
  } finally {
    rmSync(settings, { recursive: true, force: true });
  }
  return starts.slice(1);
}

async function measureStart(electron: string, dataFolder: string, settings: string): Promise<StartTimes> {
  const args = [root, `--data=${dataFolder}`, '--remote-debugging-port=0', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  const env = { ...process.env, ENGRAM_NODE: process.execPath, XDG_CONFIG_HOME: settings, LANG: 'en_GB.UTF-8' };
  const startedAtMs = performance.timeOrigin + performance.now();
  const child = spawn(electron, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const address = await findDebugger(child.stderr);
    // Nobody looks on while it starts: that would cost time, too.
    await sleep(lookAfterMs);
    const browser = await chromium.connectOverCDP(address);
    const context = browser.contexts()[0]!;
    const page = context.pages()[0] ?? (await context.waitForEvent('page'));
    const { paintedAtMs, filledAtMs, usableAtMs } = await readTimes(page);
    return { paintedMs: paintedAtMs - startedAtMs, filledMs: filledAtMs - startedAtMs, usableMs: usableAtMs - startedAtMs };
  } finally {
    // Without its leave-taking, which is not what is measured.
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
    await leaveHost(await connectHost(dataFolder, { trainerEntry: join(root, 'main/trainer/entry.ts'), idleMs: 100 }));
  }
}

/** The page notes by itself when it painted first and when it showed the first runs. */
async function readTimes(page: Page): Promise<{ paintedAtMs: number; filledAtMs: number; usableAtMs: number }> {
  // The page's policy forbids what Playwright would wait with.
  while (!(await page.evaluate(() => performance.getEntriesByName('runs-shown').length > 0))) await sleep(100);
  return await page.evaluate(() => {
    const at = (name: string) => performance.timeOrigin + performance.getEntriesByName(name)[0]!.startTime;
    return { paintedAtMs: at('first-paint'), filledAtMs: at('first-contentful-paint'), usableAtMs: at('runs-shown') };
  });
}

async function findDebugger(errors: Readable): Promise<string> {
  for await (const line of createInterface({ input: errors })) {
    const address = /DevTools listening on (\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    errors.resume();
    return address;
  }
  throw new Error('the window ended before it could be asked');
}
