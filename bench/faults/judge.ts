/** Whether databases and journals of a lab say the same, and whether what they say is what an undisturbed training says. */
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { readHistory, type JournalHistory } from '../../main/run-folder/journal-history.ts';
import { readJournal } from '../../main/run-folder/journal-reader.ts';
import { runsFolder } from '../../main/run-folder/data-folder.ts';
import { runPaths } from '../../main/run-folder/run-paths.ts';
import { listCheckpoints } from '../../main/host/store/checkpoints.ts';
import { listHappenings } from '../../main/host/store/happenings.ts';
import { readJournalPosition } from '../../main/host/store/journal-rows.ts';
import { openStores, type Stores } from '../../main/host/store/open-stores.ts';
import { readAllRuns } from '../../main/host/store/runs.ts';
import { iterateMetrics } from '../../main/host/store/series.ts';

/** Losses by iteration (the first has index 0) of a seed that nothing disturbed. */
export type Reference = ReadonlyMap<number, readonly number[]>;

export interface Verdict {
  readonly runs: number;
  /** Journal records, those that were taken back included. */
  readonly records: number;
  /** Metrics of iterations that count. */
  readonly metrics: number;
  /** A sentence each. */
  readonly faults: readonly string[];
}

export function historyOf(dataFolder: string, id: string): JournalHistory {
  return readHistory(readJournal(runPaths(join(runsFolder(dataFolder), id)).journal).records);
}

/** Of a lab without a host. */
export function judgeLab(dataFolder: string, reference: Reference): Verdict {
  const stores = openStores(dataFolder);
  try {
    const verdicts = readAllRuns(stores.lab).map(({ id, spec }) => judgeRun(stores, id, reference.get(spec.seed) ?? []));
    return {
      runs: verdicts.length,
      records: verdicts.reduce((sum, { records }) => sum + records, 0),
      metrics: verdicts.reduce((sum, { metrics }) => sum + metrics, 0),
      faults: verdicts.flatMap(({ faults }) => faults),
    };
  } finally {
    stores.close();
  }
}

function judgeRun(stores: Stores, id: string, reference: readonly number[]): Omit<Verdict, 'runs'> {
  const { lab, series, dataFolder } = stores;
  const { records, position } = readJournal(runPaths(join(runsFolder(dataFolder), id)).journal);
  const { metrics, checkpoints } = readHistory(records);
  const faults: string[] = [];
  const require = (isSo: boolean, sentence: string) => {
    if (!isSo) faults.push(`${id}: ${sentence}`);
  };

  // Each metrics record that counts is one row, with the same numbers.
  const rows = [...iterateMetrics(series, id)];
  require(rows.length === metrics.length, `${rows.length} rows in series.db, ${metrics.length} iterations in the journal`);
  const differing = metrics.findIndex(({ type: _type, iteration, values, ...own }, index) => {
    const row = rows[index];
    return row?.iteration !== iteration || !isDeepStrictEqual(row.values, { ...own, ...values });
  });
  require(differing === -1, `row ${differing} of series.db is not what the journal says`);
  require(metrics.every(({ iteration }, index) => iteration === index + 1), 'an iteration is missing in the journal, or is there twice');
  require(metrics.every(
    ({ values, iteration }) => values['loss'] === reference[iteration - 1],
  ), 'a loss is not that of the undisturbed run');

  // All else, too, once each.
  require(readJournalPosition(lab, id).sequence === position.sequence, 'lab.db has not taken over all of the journal');
  const named = new Set(checkpoints.map(({ file }) => file));
  require(isDeepStrictEqual(new Set(listCheckpoints(lab, id).map(({ file }) => file)), named), 'lab.db names other checkpoints');
  const happened = listHappenings(lab, id).filter(({ source }) => source === 'trainer');
  for (const [type, name] of [
    ['start', 'started'],
    ['log', 'log'],
  ] as const) {
    const written = records.filter((record) => record.type === type).length;
    const taken = happened.filter((happening) => happening.name === name).length;
    require(written === taken, `${written} records "${type}" in the journal, ${taken} in lab.db`);
  }
  return { records: position.sequence - 1, metrics: metrics.length, faults };
}
