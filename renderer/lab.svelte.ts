/** What is true everywhere on the page: how the host stands, and the runs that are going on. */
import { SvelteMap } from 'svelte/reactivity';
import type { HostStatus } from '../core/contract/api/lab.ts';
import type { MachineLoad } from '../core/contract/api/machine.ts';
import type { RunSummary } from '../core/contract/api/runs.ts';
import { follow, host } from './host.svelte.ts';

type Listener = (runs: readonly RunSummary[], removed: readonly string[]) => void;

const statusEveryMs = 2000;
const active: readonly RunSummary['status'][] = ['queued', 'running', 'paused'];

class Lab {
  status = $state.raw<HostStatus | undefined>();
  load = $state.raw<MachineLoad | undefined>();
  /** Queued, running and paused ones by id. */
  readonly live = new SvelteMap<string, RunSummary>();

  readonly #listeners = new Set<Listener>();
  #queueHeld = $state(false);

  get running(): RunSummary[] {
    return [...this.live.values()].filter(({ status }) => status === 'running');
  }

  get queued(): RunSummary[] {
    return [...this.live.values()].filter(({ status }) => status === 'queued').sort((a, b) => (a.queuePlace ?? 0) - (b.queuePlace ?? 0));
  }

  /** Somebody holds the queue: nothing new is started. */
  get isQueueHeld(): boolean {
    return this.#queueHeld;
  }

  /** Tells of every run that changes, wherever it is shown. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Until the returned function is called. */
  start(): () => void {
    const leave = new AbortController();
    let isFirst = true;
    void follow(
      (api, signal) => {
        isFirst = true;
        return api.runs.watchAll(undefined, { signal });
      },
      ({ runs, removed }) => {
        if (isFirst) {
          void this.look();
          void this.#catchUp(runs);
        }
        isFirst = false;
        this.#take(runs, removed);
      },
      leave.signal,
    );
    void this.look();
    const timer = setInterval(() => void this.look(), statusEveryMs);
    return () => {
      leave.abort();
      clearInterval(timer);
    };
  }

  /** Asks for status and load now. */
  async look(): Promise<void> {
    if (document.hidden) return;
    try {
      const [status, settings, load] = await host.call((api) => Promise.all([api.host.status(), api.host.settings(), api.host.load()]));
      this.status = status;
      this.#queueHeld = settings.queueHeld;
      this.load = load;
    } catch {
      // The status bar says that the host is away.
    }
  }

  /** A stream begins with the runs that go on; those that ended while there was none are asked for. */
  async #catchUp(runs: readonly RunSummary[]): Promise<void> {
    const known = new Set(runs.map(({ id }) => id));
    for (const id of [...this.live.keys()].filter((candidate) => !known.has(candidate))) {
      try {
        const { runs: found } = await host.call((api) => api.runs.list({ text: id, limit: 1 }));
        this.#take(found, found.length === 0 ? [id] : []);
      } catch {
        // The next stream catches up.
      }
    }
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
