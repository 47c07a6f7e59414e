/** What is true everywhere on the page: how the host stands, and the runs that are going on. */
import { SvelteMap } from 'svelte/reactivity';
import type { HostStatus } from '../core/contract/api/lab.ts';
import type { RunSummary } from '../core/contract/api/runs.ts';
import { follow, host } from './host.svelte.ts';

type Listener = (runs: readonly RunSummary[], removed: readonly string[]) => void;

const statusEveryMs = 2000;
const active: readonly RunSummary['status'][] = ['queued', 'running', 'paused'];

class Lab {
  status = $state.raw<HostStatus | undefined>();
  /** Queued, running and paused ones by id. */
  readonly live = new SvelteMap<string, RunSummary>();

  readonly #listeners = new Set<Listener>();

  get running(): RunSummary[] {
    return [...this.live.values()].filter(({ status }) => status === 'running');
  }

  get queued(): RunSummary[] {
    return [...this.live.values()].filter(({ status }) => status === 'queued').sort((a, b) => (a.queuePlace ?? 0) - (b.queuePlace ?? 0));
  }

  /** Tells of every run that changes, wherever it is shown. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Until the returned function is called. */
  start(): () => void {
    const leave = new AbortController();
    void follow(
      (api, signal) => api.runs.watchAll(undefined, { signal }),
      ({ runs, removed }) => this.#take(runs, removed),
      leave.signal,
    );
    const look = async () => {
      try {
        this.status = await host.call((api) => api.host.status());
      } catch {
        // The status bar says that the host is away.
      }
    };
    void look();
    const timer = setInterval(() => void look(), statusEveryMs);
    return () => {
      leave.abort();
      clearInterval(timer);
    };
  }

  #take(runs: readonly RunSummary[], removed: readonly string[]): void {
    for (const run of runs) {
      if (active.includes(run.status) && run.trashedAtMs === null) this.live.set(run.id, run);
      else this.live.delete(run.id);
    }
    for (const id of removed) this.live.delete(id);
    for (const listener of this.#listeners) listener(runs, removed);
  }
}

export const lab = new Lab();
