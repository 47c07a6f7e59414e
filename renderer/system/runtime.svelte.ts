/** The TensorFlow runtime: what is in place, what would be brought, and how that goes. */
import type { Job } from '../../core/contract/api/lab.ts';
import type { RuntimeAttempt, RuntimePlan } from '../../core/contract/api/runtime.ts';
import { host } from '../host.svelte.ts';
import { cancelJob, followJob, isActive } from '../jobs.ts';
import { attempt } from '../ui/tell.ts';

export class Runtime {
  plan = $state.raw<RuntimePlan | undefined>();
  /** While it is being brought. */
  job = $state.raw<Job | null>(null);
  last = $state.raw<RuntimeAttempt | null>(null);

  readonly #onBrought: () => Promise<void>;

  /** @param onBrought what is to be looked at again when an attempt has ended. */
  constructor(onBrought: () => Promise<void>) {
    this.#onBrought = onBrought;
  }

  /** Takes up what another window has started. */
  async look(): Promise<void> {
    await attempt(async () => {
      const { plan, last, job } = await host.call((api) => api.runtime.look());
      this.plan = plan;
      this.last = last;
      if (job !== null && job.id !== this.job?.id) void this.#follow(job);
    }, 'It is not known what set-up would do');
  }

  async bring(): Promise<void> {
    await attempt(async () => {
      await host.call((api) => api.runtime.bring());
      await this.look();
    }, 'The runtime was not installed');
  }

  async cancel(): Promise<void> {
    const { job } = this;
    if (job !== null) await attempt(() => cancelJob(job.id));
  }

  async #follow(first: Job): Promise<void> {
    this.job = first;
    try {
      await followJob(first.id, (job) => (this.job = isActive(job) ? job : this.job));
    } catch {
      // The host was started again meanwhile; the next one knows how far it came.
    }
    this.job = null;
    await this.look();
    await this.#onBrought();
  }
}
