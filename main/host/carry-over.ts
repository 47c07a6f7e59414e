/** What lab.db alone knows, from one lab.db into the next. */
import { listDatasets, insertDataset } from './store/datasets.ts';
import type { LabDatabase } from './store/open-stores.ts';
import { changeSettings, readSettings } from './store/settings.ts';
import { listViews, saveView } from './store/views.ts';

/** Reads it now; the returned function writes it into another database. */
export function carryOver(from: LabDatabase): (to: LabDatabase) => void {
  const [settings, views, datasets] = [readSettings(from), listViews(from), listDatasets(from)];
  return (to) =>
    to.transaction(() => {
      changeSettings(to, settings);
      for (const { name, view } of views) saveView(to, name, view);
      for (const { runs: _runs, ...dataset } of datasets) insertDataset(to, dataset);
    });
}
