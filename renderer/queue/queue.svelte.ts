/** The queue screen: what trains, what waits, and how its order changes. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { host } from '../host.svelte.ts';
import { lab } from '../lab.svelte.ts';
import { secondsLeft } from '../run-progress.ts';
import { attempt, tell } from '../ui/tell.ts';
import { titleOf } from '../words.ts';

type Direction = 'up' | 'down' | 'first' | 'last';

export class QueueScreen {
  /** The one that the keyboard is at. */
  current = $state<string | undefined>();
  /** Dragged over the list: before which one it would stand; null: behind all. */
  dropBefore = $state<string | null | undefined>();
  dragged = $state<string | undefined>();
  /** The order that was asked for, until the host tells its own. */
  #asked = $state.raw<readonly string[] | undefined>();

  get running(): RunSummary[] {
    return lab.running.sort((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0));
  }

  get paused(): RunSummary[] {
    return [...lab.live.values()].filter(({ status }) => status === 'paused').sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  get queued(): RunSummary[] {
    const order = this.#asked;
    if (order === undefined) return lab.queued;
    const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
    return lab.queued.sort((a, b) => place(a.id) - place(b.id));
  }

  /** When the last one would be done, one after another on their slots; undefined while a speed is not known. */
  get secondsOfRunning(): number | undefined {
    const each = this.running.map(secondsLeft);
    return each.length === 0 || each.includes(undefined) ? undefined : Math.max(...each.map((seconds) => seconds ?? 0));
  }

  async move(id: string, direction: Direction): Promise<void> {
    const ids = this.queued.map((run) => run.id);
    const index = ids.indexOf(id);
    const others = ids.filter((other) => other !== id);
    const to = { up: index - 1, down: index + 1, first: 0, last: others.length }[direction];
    if (index === -1 || to < 0 || to > others.length) return;
    await this.moveBefore(id, others[to] ?? null);
  }

  async moveBefore(id: string, before: string | null): Promise<void> {
    if (id === before) return;
    const others = this.queued.map((run) => run.id).filter((other) => other !== id);
    const at = before === null ? others.length : others.indexOf(before);
    this.#asked = [...others.slice(0, at), id, ...others.slice(at)];
    await attempt(async () => {
      for (const run of await host.call((api) => api.queue.move({ run: id, before }))) lab.live.set(run.id, run);
    }, 'The order stays as it was');
    this.#asked = undefined;
  }

  /** Runs by the name of what can be done with them. */
  async act(action: 'pause' | 'resume' | 'stop', run: RunSummary): Promise<void> {
    const done = { pause: 'paused', resume: 'queued again', stop: 'stopped' }[action];
    const changed = await attempt(() => host.call((api) => api.runs[action]({ run: run.id })), `${titleOf(run)} is not ${done}`);
    if (changed && action === 'stop' && run.status === 'queued') {
      tell(`${titleOf(run)} was taken out of the queue`, () => void attempt(() => host.call((api) => api.runs.resume({ run: run.id }))));
    }
  }

  async hold(isHeld: boolean): Promise<void> {
    await attempt(() => host.call((api) => api.host.changeSettings({ queueHeld: isHeld })), 'The queue stays as it was');
    await lab.look();
  }
}
