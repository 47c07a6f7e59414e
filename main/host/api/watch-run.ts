/** The stream of one run: its journal, and what the lab says of it. */
import type { RunSummary, RunUpdate } from '../../../core/contract/api/runs.ts';
import type { Lab } from '../lab.ts';
import { readRun } from '../store/runs.ts';
import { createBell } from './bell.ts';
import { pathsOf, summariseOne } from './context.ts';
import { createJournalFeed } from './journal-feed.ts';

const endedStatuses: readonly RunSummary['status'][] = ['finished', 'stopped', 'failed', 'interrupted'];

/** The first update says how the run stands; later ones bring records, and after them any change of state. Ends with the run, or when it is deleted. */
export async function* watchRun(
  lab: Lab,
  id: string,
  wanted: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunUpdate, void> {
  const bell = createBell(signal);
  const unsubscribe = lab.changes.onChange((changed) => {
    if (changed === id) bell.ring();
  });
  try {
    const row = readRun(lab.stores.lab, id);
    if (row === undefined) return;
    const after = wanted ?? row.journalSequence - 1;
    const feed = createJournalFeed(pathsOf(lab, id).journal, after, { offset: row.journalOffset, sequence: row.journalSequence });
    let told: string | undefined;
    do {
      // Its state is read before its records: a run that has ended writes no more of them.
      const now = readRun(lab.stores.lab, id);
      if (now === undefined) return;
      const run = summariseOne(lab, now);
      const content = JSON.stringify(run);
      if (told === undefined) yield { position: after, records: [], run };
      for (let records = await feed.next(); records.length > 0; records = await feed.next()) {
        yield { position: feed.position, records: [...records] };
      }
      if (told !== undefined && told !== content) yield { position: feed.position, records: [], run };
      told = content;
      if (endedStatuses.includes(run.status)) return;
    } while (await bell.rung());
  } finally {
    unsubscribe();
  }
}
