/** How soon the window is back when its page, the host or a trainer is killed in a live run; and whether anything was lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { crashRenderer, findLost, startLongRun, untilIteration, untilPageSays } from '../e2e/support/accidents.ts';
import { openWorkbench, type Workbench } from '../e2e/support/workbench.ts';
import type { HostClient } from '../main/host-client/connect-host.ts';

export interface Robustness {
  /** From the kill until the page shows the run's progress again, in milliseconds each. */
  readonly rendererMs: readonly number[];
  /** From the kill until another host answers the page, and the run moves on in it. */
  readonly hostMs: readonly number[];
  /** From the kill until the page says that the run was interrupted, and why. */
  readonly trainerMs: readonly number[];
  /** Values of the loss that are missing or there twice. */
  readonly lost: number;
}

/** A crash at once after another one is met by the crash page: this long a page has to have lived. */
const betweenCrashesMs = 61_000;

export async function measureRobustness(rounds: number, say: (line: string) => void = () => {}): Promise<Robustness> {
  const [rendererMs, hostMs, trainerMs] = [[], [], []] as [number[], number[], number[]];
  const workbench = await openWorkbench();
  let lost = 0;
  try {
    const client = await workbench.connect();
    for (let round = 0; round < rounds; round++) {
      say(`kills, round ${round + 1} of ${rounds} …`);
      const crashedMs = performance.now();
      const run = await startLongRun(client);
      rendererMs.push(await measureRenderer(workbench, run));
      hostMs.push(await measureHost(workbench, client, run));
      trainerMs.push(await measureTrainer(workbench, client, run));
      lost += (await findLost(client, run)).length;
      if (round < rounds - 1) await sleep(Math.max(0, crashedMs + betweenCrashesMs - performance.now()));
    }
  } finally {
    await workbench.close();
  }
  return { rendererMs, hostMs, trainerMs, lost };
}

const isLive = (text: string) => text.includes('1 running: images');

async function measureRenderer({ app }: Workbench, run: string): Promise<number> {
  await show(app, `/runs/${run}`);
  await untilPageSays(app, isLive);
  const begunMs = performance.now();
  await crashRenderer(app);
  await untilPageSays(app, (text) => text === '');
  await untilPageSays(app, isLive);
  return performance.now() - begunMs;
}

async function measureHost({ app }: Workbench, client: HostClient, run: string): Promise<number> {
  const { api } = client;
  const { pid } = await api.host.status();
  await show(app, '/system?part=host');
  await untilPageSays(app, (text) => text.includes(String(pid)));
  const { iteration } = await api.runs.get({ run });
  const begunMs = performance.now();
  process.kill(pid, 'SIGKILL');
  // The page says the new host's process when it has an answer of it.
  await untilPageSays(app, (text) => isLive(text) && ![undefined, String(pid)].includes(/Process\s+(\d+)/.exec(text)?.[1]));
  const backMs = performance.now() - begunMs;
  while ((await api.host.status().catch(() => ({ pid }))).pid === pid) await sleep(20);
  await untilIteration(api, run, iteration + 10);
  return backMs;
}

async function measureTrainer({ app }: Workbench, { api }: HostClient, run: string): Promise<number> {
  const { pid } = await api.runs.get({ run });
  await show(app, `/runs/${run}`);
  await untilPageSays(app, isLive);
  const begunMs = performance.now();
  process.kill(pid!, 'SIGKILL');
  // A host that did not start the trainer itself knows only that it is gone.
  await untilPageSays(app, (text) => text.includes('interrupted') && /its trainer (was killed|process vanished)/.test(text));
  return performance.now() - begunMs;
}

/** Playwright has given up a page that crashed; the window has not. */
async function show(app: Workbench['app'], route: string): Promise<void> {
  await app.evaluate(async ({ BrowserWindow }, to) => {
    await BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(`location.hash = ${JSON.stringify(to)}`);
  }, route);
}

// By itself: `ENGRAM_ELECTRON=… node bench/ui-robustness.ts [ROUNDS]`.
if (import.meta.main) {
  const rounds = Number(process.argv[2] ?? 3);
  console.log(JSON.stringify(await measureRobustness(rounds, (line) => process.stderr.write(`${line}\n`))));
}
