/** The data sets that come with Engram, described when somebody first asks for data sets. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { builtInDatasets, type DatasetDescription } from '../../../core/contract/dataset-description.ts';
import type { HostLog } from '../host-log.ts';
import type { JobContext } from '../jobs/job-runner.ts';
import { insertDataset, listDatasets } from '../store/datasets.ts';
import type { LabDatabase } from '../store/open-stores.ts';

export interface BuiltInsOptions {
  readonly folder: string;
  readonly lab: () => LabDatabase;
  readonly log: HostLog;
  readonly take: (
    id: string,
    source: string,
    mode: 'in-place',
    context: JobContext,
  ) => Promise<{ readonly description: DatasetDescription; readonly thumbnails: string }>;
}

/**
 * `ensure` resolves when the lab's table has all of them. One that cannot be described is left out, with a word in the log, and tried again the
 * next time: it does not keep people from the others.
 */
export function createBuiltIns({ folder, lab, log, take }: BuiltInsOptions): { ensure(): Promise<void> } {
  let working: Promise<void> | undefined;
  const describe = async (name: string) => {
    // Left by a database that was lost: nothing but a picture of samples.
    rmSync(join(folder, name), { recursive: true, force: true });
    const { description, thumbnails } = await take(name, name, 'in-place', { signal: new AbortController().signal, report: () => {} });
    insertDataset(lab(), { id: name, name, place: 'built-in', description, thumbnails, addedAtMs: Date.now() });
  };
  const describeMissing = async () => {
    const known = new Set(listDatasets(lab()).map(({ id }) => id));
    for (const name of builtInDatasets) {
      if (known.has(name)) continue;
      try {
        await describe(name);
      } catch (error) {
        log.error(`the data set ${name}, which comes with Engram, cannot be described`, error);
      }
    }
  };
  return {
    ensure: () => {
      working ??= describeMissing().finally(() => (working = undefined));
      return working;
    },
  };
}
