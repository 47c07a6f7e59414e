/** A process that writes the journals of several runs as their trainers would, at a given rate: `journal-feed.ts SECONDS RECORDS_A_SECOND FOLDER…` */
import { setTimeout as sleep } from 'node:timers/promises';
import { openJournal } from '../main/run-folder/journal-writer.ts';
import { journalStart } from '../main/run-folder/journal-format.ts';
import { acquireRunLock } from '../main/run-folder/run-lock.ts';
import { runPaths } from '../main/run-folder/run-paths.ts';
import { createMetricsRecord } from './metrics-records.ts';

const [seconds, rate] = process.argv.slice(2, 4).map(Number) as [number, number];
const runs = process.argv.slice(4).map((folder) => {
  const paths = runPaths(folder);
  return { lock: acquireRunLock(paths.lock), journal: openJournal(paths.journal, journalStart) };
});
const total = Math.round(seconds * rate);
const tellEveryMs = 100;
let written = 0;
let toldMs = 0;

const tell = () => process.send!({ atMs: Date.now(), written: written * runs.length });
tell();
// The host has found the runs when it says so.
await new Promise((resolve) => process.once('message', resolve));
const startedMs = performance.now();
while (written < total) {
  const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1e3) * rate));
  for (; written < due; written++) for (const { journal } of runs) journal.append(createMetricsRecord(written + 1));
  if (performance.now() - toldMs >= tellEveryMs) {
    toldMs = performance.now();
    tell();
  }
  await sleep(5);
}
const { iteration, episodes, seconds: trained, episodesPerSecond } = createMetricsRecord(total);
for (const { journal, lock } of runs) {
  journal.append({
    type: 'end',
    atMs: Date.now(),
    ...{ iteration, episodes, seconds: trained, episodesPerSecond, status: 'finished', peakRssBytes: 3e8 },
  });
  journal.close();
  lock.release();
}
tell();
process.disconnect();
