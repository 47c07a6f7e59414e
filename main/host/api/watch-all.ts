/** The stream of all runs: whichever changed, with how it stands now. */
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import type { Lab } from '../lab.ts';
import { readRun, runsWithStatus } from '../store/runs.ts';
import { createBell } from './bell.ts';
import { queuePositions, summarise } from './context.ts';

export interface RunsUpdate {
  readonly runs: RunSummary[];
  /** Deleted for good. */
  readonly removed: string[];
}

/** Begins with the runs that are queued, running or paused. For a listener that is slow, only the latest state of each run waits. */
export async function* watchAll(lab: Lab, signal: AbortSignal | undefined): AsyncGenerator<RunsUpdate, void> {
  const bell = createBell(signal);
  const changed = new Set<string>();
  const unsubscribe = lab.changes.onChange((id) => {
    changed.add(id);
    bell.ring();
  });
  try {
    let positions = queuePositions(lab);
    yield { runs: summarise(lab, runsWithStatus(lab.stores.lab, ['queued', 'running', 'paused'])), removed: [] };
    while (await bell.rung()) {
      // Whoever leaves the queue lets others move up.
      const before = positions;
      positions = queuePositions(lab);
      for (const [id, position] of positions) if (before.get(id) !== position) changed.add(id);
      const rows = [...changed].map((id) => [id, readRun(lab.stores.lab, id)] as const);
      changed.clear();
      yield {
        runs: summarise(
          lab,
          rows.map(([, row]) => row).filter((row) => row !== undefined),
        ),
        removed: rows.filter(([, row]) => row === undefined).map(([id]) => id),
      };
    }
  } finally {
    unsubscribe();
  }
}
