/** What the examination of the backends found, and a new one. */
import type { BackendReport } from '../../core/contract/backend-report.ts';
import { host } from '../host.svelte.ts';
import { lab } from '../lab.svelte.ts';
import { attempt } from '../ui/tell.ts';

export class Backends {
  reports = $state.raw<readonly BackendReport[]>([]);
  examinedAtMs = $state<number | null>(null);
  isWorking = $state(false);

  /** What is known; where nothing is, an examination, unless it would disturb a training. */
  async begin(): Promise<void> {
    await this.look();
    if (this.examinedAtMs === null && lab.running.length === 0) await this.examine();
  }

  /** What the host knows, without an examination. */
  async look(): Promise<void> {
    await this.#ask(false);
  }

  async examine(): Promise<void> {
    this.isWorking = true;
    await this.#ask(true);
    this.isWorking = false;
  }

  async #ask(examine: boolean): Promise<void> {
    await attempt(async () => {
      const { examinedAtMs, reports } = await host.call((api) => api.experiments.backends({ examine }));
      this.examinedAtMs = examinedAtMs;
      this.reports = reports;
    }, 'The backends could not be examined');
  }
}
