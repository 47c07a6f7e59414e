/** What the run would cost, asked of the host whenever the form says something else. */
import type { Outlook } from '../../core/contract/api/experiments.ts';
import type { MachineLoad } from '../../core/contract/api/machine.ts';
import type { BackendReport } from '../../core/contract/backend-report.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { host } from '../host.svelte.ts';

/** Nobody types faster. */
const patienceMs = 200;

export class Estimation {
  /** The last one; of an earlier form while `isOld`. */
  estimate = $state.raw<Outlook | undefined>();
  isOld = $state(false);
  trouble = $state<string | undefined>();
  machine = $state.raw<MachineLoad | undefined>();
  /** What the disk guard keeps free. */
  reserveBytes = $state(0);

  /** Nothing was ever answered: the first question need not wait. */
  #isNew = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  /** Once, for the machine's part. */
  async look(): Promise<void> {
    const [machine, settings] = await Promise.all([host.call((api) => api.host.load()), host.call((api) => api.host.settings())]);
    this.machine = machine;
    this.reserveBytes = settings.minimumFreeBytes;
  }

  /** `spec` is undefined while the form breaks a rule; what is known of the backends changes the answer. */
  ask(spec: RunSpec | undefined, _reports: readonly BackendReport[]): void {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.isOld = true;
    if (spec === undefined) return;
    this.#timer = setTimeout(() => void this.#ask(spec, turn), this.#isNew ? 0 : patienceMs);
  }

  async #ask(spec: RunSpec, turn: number): Promise<void> {
    try {
      const estimate = await host.call((api) => api.experiments.estimate({ spec: { ...spec } }));
      if (turn !== this.#turn) return;
      this.#isNew = false;
      [this.estimate, this.isOld, this.trouble] = [estimate, false, undefined];
    } catch (error) {
      if (turn === this.#turn) this.trouble = error instanceof Error ? error.message : String(error);
    }
  }
}
