/** How fast a follower takes over a journal into both databases. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { createFollower } from '../main/host/follow/follower.ts';
import { openStores } from '../main/host/store/open-stores.ts';
import { insertRuns } from '../main/host/store/runs.ts';
import { runsFolder } from '../main/run-folder/data-folder.ts';
import { encodeRecord } from '../main/run-folder/journal-format.ts';
import { runPaths } from '../main/run-folder/run-paths.ts';
import { createMetricsRecord, valuesAnIteration } from './metrics-records.ts';

export interface JournalSpeed {
  readonly records: number;
  readonly values: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Of processors: what it takes where others compute, too. */
  readonly cpuSeconds: number;
}

/** Follows a journal of so many iterations in a lab of its own at `dataFolder`, which is removed afterwards. */
export function measureJournalSpeed(dataFolder: string, iterations: number): JournalSpeed {
  const stores = openStores(dataFolder);
  try {
    const paths = runPaths(join(runsFolder(dataFolder), 'run'));
    mkdirSync(paths.folder);
    const journal = Array.from({ length: iterations }, (_, index) => encodeRecord(index + 1, createMetricsRecord(index + 1))).join('');
    writeFileSync(paths.journal, journal);
    const spec = createRunSpec({ experiment: 'images', backend: 'cpu' });
    insertRuns(stores.lab, [{ id: 'run', spec, status: 'running', slot: 'cpu', createdAtMs: Date.now() }]);
    const follower = createFollower(stores, 'run', paths);
    const [startedMs, before] = [performance.now(), process.cpuUsage()];
    let records = 0;
    for (let more = true; more;) {
      const polled = follower.poll(1);
      records += polled.records.length;
      ({ more } = polled);
    }
    const seconds = (performance.now() - startedMs) / 1e3;
    const { user, system } = process.cpuUsage(before);
    return { records, values: records * valuesAnIteration, bytes: journal.length, seconds, cpuSeconds: (user + system) / 1e6 };
  } finally {
    stores.close();
    rmSync(dataFolder, { recursive: true });
  }
}
