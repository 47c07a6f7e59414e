/** The exact values at the cursor, asked of the host: never read off a line. */
import { SvelteMap } from 'svelte/reactivity';
import type { CurveAxis, Located } from '../../core/contract/api/curves.ts';
import { host } from '../host.svelte.ts';

export interface ExactQuery {
  readonly runs: readonly string[];
  readonly names: readonly string[];
  readonly along: CurveAxis;
  /** Null: each run's last iteration. */
  readonly at: number | null;
}

const mostRuns = 200;

export class ExactValues {
  /** By run; empty for runs that do not reach so far. */
  readonly found = new SvelteMap<string, Located>();
  /** The place that `found` is about; undefined before the first answer. */
  at = $state<number | null | undefined>();

  #wanted: ExactQuery | undefined;
  #isAsking = false;

  /** Asks for it; while an answer is on its way, only the latest wish is kept. */
  ask(query: ExactQuery): void {
    this.#wanted = query;
    if (!this.#isAsking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isAsking = true;
    try {
      for (let query = this.#wanted; query !== undefined; query = this.#wanted) {
        this.#wanted = undefined;
        const { runs, names, along, at } = query;
        if (runs.length === 0 || names.length === 0) continue;
        const asked = { runs: runs.slice(0, mostRuns), names: [...names], along, at };
        const located = await host.call((api) => api.metrics.locate(asked));
        this.#take(located, at);
      }
    } catch {
      // The status bar says that the host is away; the next movement asks again.
    } finally {
      this.#isAsking = false;
    }
  }

  #take(located: readonly Located[], at: number | null): void {
    for (const run of this.found.keys()) if (!located.some((each) => each.run === run)) this.found.delete(run);
    for (const each of located) this.found.set(each.run, each);
    this.at = at;
  }
}
