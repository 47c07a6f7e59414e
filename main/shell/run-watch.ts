/** The shell's own eye on the runs: notifications, progress in the task bar, and what is active when somebody wants to quit. */
import { BrowserWindow, Notification } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { connectHost, type HostClient } from '../host-client/connect-host.ts';
import type { Application } from './application.ts';
import { showRoute } from './windows.ts';

export interface RunWatch {
  /** Runs that train now. */
  active(): readonly RunSummary[];
  /** Asks all of them to save and leave, and waits until they have. */
  stopAll(): Promise<void>;
  close(): void;
}

const againMs = 1000;
const notable = ['finished', 'failed', 'interrupted'];

export function setupRunWatch({ dataFolder, program }: Application): RunWatch {
  const live = new Map<string, RunSummary>();
  const leave = new AbortController();
  let client: HostClient | undefined;

  const take = (run: RunSummary) => {
    const before = live.get(run.id);
    if (before?.status === 'running' && notable.includes(run.status)) notify(run);
    if (['queued', 'running', 'paused'].includes(run.status)) live.set(run.id, run);
    else live.delete(run.id);
  };
  const active = () => [...live.values()].filter(({ status }) => status === 'running');
  const watch = async () => {
    while (!leave.signal.aborted) {
      try {
        client ??= await connectHost(dataFolder, program);
        for await (const { runs } of await client.api.runs.watchAll(undefined, { signal: leave.signal })) {
          runs.forEach(take);
          showProgress(active());
        }
      } catch {
        // The host went away, or cannot begin; the page says which. It is looked for again.
      }
      await sleep(againMs, undefined, { ref: false });
    }
  };
  void watch();
  return {
    active,
    stopAll: async () => {
      for (const { id } of active()) await client?.api.runs.stop({ run: id });
      while (active().length > 0) await sleep(50);
    },
    close: () => {
      leave.abort();
      client?.close();
    },
  };
}

function notify({ id, name, spec, status, reason }: RunSummary): void {
  if (BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
  const title = `${name === '' ? `${spec.experiment}, ${spec.variant}, seed ${spec.seed}` : name} ${status === 'finished' ? 'has finished' : `has ${status === 'failed' ? 'failed' : 'been interrupted'}`}`;
  const notification = new Notification({ title, body: reason ?? '' });
  notification.on('click', () => showRoute(`/runs/${id}`));
  notification.show();
}

function showProgress(runs: readonly RunSummary[]): void {
  const asked = runs.reduce((sum, { spec }) => sum + spec.episodes, 0);
  const done = runs.reduce((sum, { episodes }) => sum + episodes, 0);
  for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(asked === 0 ? -1 : done / asked);
}
