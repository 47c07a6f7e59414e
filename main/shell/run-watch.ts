/** The shell's own eye on the runs: notifications, progress in the task bar, and what is active when somebody wants to quit. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import { connectHost, type HostClient } from '../host-client/connect-host.ts';
import type { Application } from './application.ts';
import { createLabGuard } from './lab-guard.ts';
import { showEnding, showProgress } from './run-signs.ts';

export interface RunWatch {
  count(): { readonly running: number; readonly waiting: number };
  /**
   * Holds the queue, asks all that trains to save and leave, and waits until they have.
   * @throws FailureError `runs-not-stopped` when they take too long, and what the host meets.
   */
  stopAll(): Promise<void>;
}

const againMs = 1000;
const stopPatienceMs = 120_000;

/** Until the process ends. */
export function setupRunWatch({ dataFolder, program }: Application): RunWatch {
  const live = new Map<string, RunSummary>();
  const requireLab = createLabGuard(dataFolder);
  let client: HostClient | undefined;

  const take = (run: RunSummary) => {
    const before = live.get(run.id);
    if (before?.status === 'running' && run.status !== 'running') showEnding(run);
    if (['queued', 'running', 'paused'].includes(run.status)) live.set(run.id, run);
    else live.delete(run.id);
  };
  const running = () => [...live.values()].filter(({ status }) => status === 'running');

  /** What ended while there was no stream: it begins with those that go on. */
  const catchUp = async (runs: readonly RunSummary[], { api }: HostClient) => {
    const known = new Set(runs.map(({ id }) => id));
    for (const id of [...live.keys()].filter((candidate) => !known.has(candidate))) {
      const { runs: found } = await api.runs.list({ text: id, limit: 1 });
      if (found.length === 0) live.delete(id);
      found.forEach(take);
    }
  };
  const follow = async () => {
    requireLab();
    client ??= await connectHost(dataFolder, program);
    let isFirst = true;
    for await (const { runs, removed } of await client.api.runs.watchAll(undefined)) {
      if (isFirst) await catchUp(runs, client);
      isFirst = false;
      runs.forEach(take);
      for (const id of removed) live.delete(id);
      showProgress(running());
    }
  };
  const watch = async () => {
    for (;;) {
      try {
        await follow();
      } catch {
        // The host went away, or cannot begin; the page says which. It is looked for again.
      }
      await sleep(againMs, undefined, { ref: false });
    }
  };
  void watch();

  return {
    count: () => ({ running: running().length, waiting: [...live.values()].filter(({ status }) => status === 'queued').length }),
    stopAll: async () => {
      if (client === undefined) throw new FailureError('host-away', 'the lab host does not answer');
      const { api } = client;
      const asked = new Set<string>();
      const giveUpMs = performance.now() + stopPatienceMs;
      if (live.size > running().length) await api.host.changeSettings({ queueHeld: true });
      while (running().length > 0) {
        // Also what began at the last moment.
        for (const { id } of running().filter((run) => !asked.has(run.id))) {
          asked.add(id);
          await stopRun(client, id);
        }
        if (performance.now() > giveUpMs)
          throw new FailureError('runs-not-stopped', `${running().length} runs have not saved and left yet`);
        await sleep(50);
      }
    },
  };
}

async function stopRun({ api }: HostClient, run: string): Promise<void> {
  try {
    await api.runs.stop({ run });
  } catch (error) {
    // A refusal means that the run has ended by itself; the stream says so soon.
    if (!(error instanceof InputError)) throw error;
  }
}
