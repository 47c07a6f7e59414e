/** The built window in a real Electron, on a data folder of its own. */
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FailureError } from '../../core/contract/errors.ts';
import { connectHost, type HostClient } from '../../main/host-client/connect-host.ts';
import { hostFiles } from '../../main/host-client/host-files.ts';
import { readLockHolder } from '../../main/run-folder/process-lock.ts';

const root = resolve(import.meta.dirname, '../..');

export interface Workbench {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly data: string;
  /** What the page complained about. */
  readonly complaints: string[];
  /** A client of the same lab, as the command line is one. */
  connect(): Promise<HostClient>;
  /** Ends window and host, and removes the folder. */
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly data?: string;
  readonly theme?: 'light' | 'dark';
  /** `remembered`: as the windows of `settings` were left. */
  readonly size?: { readonly width: number; readonly height: number } | 'remembered';
  /** Keeps the data folder when it is closed. */
  readonly keep?: boolean;
  /** Where windows remember what they remember; it is kept. Without: a folder of their own, which is removed. */
  readonly settings?: string;
  /** More variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program that brings the TensorFlow runtime, of another folder than the one that everybody uses. */
  readonly setUpScript?: string;
}

/** Of a machine that does much else: now and then an Electron hangs before its first window, and another one does not. */
const launchPatienceMs = 30_000;

async function open(options: Parameters<typeof _electron.launch>[0] & object): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await _electron.launch(options);
  try {
    return { app, page: await app.firstWindow({ timeout: launchPatienceMs }) };
  } catch (error) {
    app.process().kill('SIGKILL');
    throw error;
  }
}

/** Needs ENGRAM_ELECTRON: the program of Electron. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const { theme = 'light', size = { width: 1440, height: 900 }, keep = false } = options;
  const temporary = options.data === undefined ? mkdtempSync(join(tmpdir(), 'engram-e2e-')) : undefined;
  const data = options.data ?? join(temporary!, 'lab');
  const settings = options.settings ?? mkdtempSync(join(tmpdir(), 'engram-e2e-settings-'));
  const executablePath = process.env['ENGRAM_ELECTRON'];
  if (executablePath === undefined)
    throw new Error('ENGRAM_ELECTRON does not name an Electron; `npm test` and `npm run screenshots` set it');
  const setUp = options.setUpScript === undefined ? [] : [`--set-up=${options.setUpScript}`];
  const args = [root, `--data=${data}`, ...setUp, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  const env = { ...process.env, ENGRAM_NODE: process.execPath, XDG_CONFIG_HOME: settings, LANG: 'en_GB.UTF-8', ...options.env };
  const launch = { executablePath, args, env, timeout: launchPatienceMs };
  const { app, page } = await open(launch).catch(() => open(launch));
  // A window that has been closed tells it no more.
  const program = app.process();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.emulateMedia({ colorScheme: theme });
  if (size !== 'remembered') {
    const resize = () =>
      app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size);
    // Now and then the main process drops Playwright's promise among its garbage.
    await resize().catch(resize);
  }
  const clients: HostClient[] = [];
  return {
    app,
    page,
    data,
    complaints,
    connect: async () => {
      const client = await connectWhenThere(data);
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.close();
      await end(app, program);
      await endHost(data);
      endTrainers(data);
      if (options.settings === undefined) rmSync(settings, { recursive: true, force: true });
      if (!keep) rmSync(temporary ?? data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Whoever opens the next window finds this one gone. */
async function end(app: ElectronApplication, program: ChildProcess): Promise<void> {
  await app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => {});
  if (program.exitCode !== null || program.signalCode !== null) return;
  const late = setTimeout(() => program.kill('SIGKILL'), 10_000);
  await once(program, 'exit');
  clearTimeout(late);
}

/** The window starts its host by itself. */
async function connectWhenThere(data: string, patienceMs = 20_000): Promise<HostClient> {
  const begunMs = performance.now();
  for (;;) {
    try {
      return await connectHost(data);
    } catch (error) {
      if (!(error instanceof FailureError && error.code === 'no-host') || performance.now() - begunMs > patienceMs) throw error;
      await sleep(50);
    }
  }
}

async function endHost(data: string): Promise<void> {
  const { lock } = hostFiles(data);
  const holder = readLockHolder(lock);
  if (holder === undefined) return;
  process.kill(holder.pid, 'SIGTERM');
  while (readLockHolder(lock) !== undefined) await sleep(20);
}

/** They outlive their host. */
function endTrainers(data: string): void {
  const runs = join(data, 'runs');
  for (const id of existsSync(runs) ? readdirSync(runs) : []) {
    const holder = readLockHolder(join(runs, id, 'trainer.lock'));
    if (holder !== undefined) process.kill(holder.pid, 'SIGKILL');
  }
}
