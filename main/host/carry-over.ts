/** What lab.db alone knows, from one lab.db into the next. */
import { listDatasets, insertDataset } from './store/datasets.ts';
import type { LabDatabase } from './store/open-stores.ts';
import { changeRun, readAllRuns, readRun, type RunRow } from './store/runs.ts';
import { changeSettings, readSettings } from './store/settings.ts';
import { listViews, saveView } from './store/views.ts';

export interface CarriedOver {
  /** Settings, views and data sets. */
  putGeneral(to: LabDatabase): void;
  /** How the runs stood that have been taken in again: what people and the host decided is not in their journals. */
  putRunStates(to: LabDatabase): void;
}

/** Reads it now. */
export function carryOver(from: LabDatabase): CarriedOver {
  const [settings, views, datasets, runs] = [readSettings(from), listViews(from), listDatasets(from), readAllRuns(from)];
  return {
    putGeneral: (to) =>
      to.transaction(() => {
        changeSettings(to, settings);
        for (const { name, view } of views) saveView(to, name, view);
        for (const { runs: _runs, ...dataset } of datasets) insertDataset(to, dataset);
      }),
    putRunStates: (to) => to.transaction(() => runs.forEach((run) => putRunState(to, run))),
  };
}

function putRunState(to: LabDatabase, before: RunRow): void {
  const now = readRun(to, before.id);
  if (now === undefined) return;
  const { slot, startedAtMs, trashedAtMs, attempts, resumesWithoutProgress } = before;
  changeRun(to, before.id, { slot, startedAtMs, trashedAtMs, attempts, resumesWithoutProgress });
  // A trainer that lives, or that has written more since then, knows better.
  if (before.status === 'running' || now.status === 'running' || now.journalSequence !== before.journalSequence) return;
  const { status, reasonCode, reason, queuePlace, endedAtMs } = before;
  changeRun(to, before.id, { status, reasonCode, reason, queuePlace, endedAtMs });
}
