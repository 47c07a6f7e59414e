/** Examines every backend, and remembers what came of it. */
import type { BackendReport } from '../../../core/contract/backend-report.ts';
import { backendChoices } from '../../../core/contract/run-spec.ts';
import { examineBackend } from '../../trainer/examine-backend.ts';

export interface Examination {
  readonly examinedAtMs: number;
  readonly reports: readonly BackendReport[];
}

export interface Backends {
  /** What the last examination found. */
  readonly last: Examination | undefined;
  /** A new one, or the one that is going on. */
  examine(): Promise<Examination>;
}

export function createBackends(trainerEntry: string): Backends {
  let last: Examination | undefined;
  let working: Promise<Examination> | undefined;
  const examineAll = async () => {
    const reports: BackendReport[] = [];
    for (const name of backendChoices) if (name !== 'auto') reports.push(await examineBackend(name, trainerEntry));
    last = { examinedAtMs: Date.now(), reports };
    return last;
  };
  return {
    get last() {
      return last;
    },
    examine: () => {
      working ??= examineAll().finally(() => (working = undefined));
      return working;
    },
  };
}
