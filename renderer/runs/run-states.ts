/** What can be asked of a single run in its state, from the table and its pane. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { LabClient } from '../host-link.ts';
import { host } from '../host.svelte.ts';
import { attempt } from '../ui/tell.ts';
import type { TableRow } from './row.ts';
import { runsStore } from './runs-store.svelte.ts';

export interface StateAction {
  readonly label: string;
  readonly act: () => void;
}

type Ask = (api: LabClient, id: string) => Promise<RunSummary>;

const asks = {
  pause: { label: 'Pause', ask: (api, run) => api.runs.pause({ run }) },
  stop: { label: 'Stop', ask: (api, run) => api.runs.stop({ run }) },
  leaveQueue: { label: 'Take out of the queue', ask: (api, run) => api.runs.stop({ run }) },
  resume: { label: 'Resume', ask: (api, run) => api.runs.resume({ run }) },
  retry: { label: 'Try again', ask: (api, run) => api.runs.retry({ run }) },
} as const satisfies Record<string, { label: string; ask: Ask }>;

const possible: Record<RunSummary['status'], readonly (keyof typeof asks)[]> = {
  queued: ['leaveQueue'],
  running: ['pause', 'stop'],
  paused: ['resume', 'stop'],
  finished: [],
  stopped: ['resume'],
  failed: ['retry'],
  interrupted: ['resume'],
};

/** The first is what most people want. Nothing while the trainer has yet to do what it was asked. */
export function stateActions({ id, status, intent, trashedAtMs }: TableRow): StateAction[] {
  if (intent !== null || trashedAtMs !== null) return [];
  return possible[status].map((name) => {
    const { label, ask } = asks[name];
    return { label, act: () => void attempt(async () => runsStore.take([await host.call((api) => ask(api, id))])) };
  });
}
