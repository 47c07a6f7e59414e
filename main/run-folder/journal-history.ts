/** What a journal says in the end: rewinds applied, so that no iteration counts twice. */
import type { JournalRecord, JournalRecordOf } from '../../core/contract/journal-records.ts';
import { keptInFull } from './checkpoints.ts';

export interface JournalHistory {
  /** In rising order of iterations. */
  readonly metrics: readonly JournalRecordOf<'metrics'>[];
  readonly checkpoints: readonly JournalRecordOf<'checkpoint'>[];
  readonly evaluations: readonly JournalRecordOf<'evaluation'>[];
  /** The last session's. */
  readonly start?: JournalRecordOf<'start'>;
  /** Present when the last session has ended by itself. */
  readonly end?: JournalRecordOf<'end'>;
}

export interface HistoryOptions {
  /**
   * Metrics of at least so many episodes before the full checkpoint before the last, and all after it, are enough: whoever goes on from one of the two
   * needs no older ones, of which a long run has millions. All without.
   */
  readonly episodesBefore?: number;
}

export function readHistory(records: Iterable<JournalRecord>, options: HistoryOptions = {}): JournalHistory {
  const collector = collectHistory(options);
  for (const record of records) collector.add(record);
  return collector.history();
}

/** The same of records that come one after the other. */
export function collectHistory({ episodesBefore }: HistoryOptions = {}): { add(record: JournalRecord): void; history(): JournalHistory } {
  const metrics: JournalRecordOf<'metrics'>[] = [];
  const checkpoints: JournalRecordOf<'checkpoint'>[] = [];
  const evaluations: JournalRecordOf<'evaluation'>[] = [];
  let start: JournalRecordOf<'start'> | undefined;
  let end: JournalRecordOf<'end'> | undefined;
  const add = (record: JournalRecord) => {
    if (record.type === 'metrics') metrics.push(record);
    if (record.type === 'checkpoint') {
      checkpoints.push(record);
      let newer = keptInFull;
      const oldest = checkpoints.findLast(({ kind }) => kind === 'full' && --newer === 0);
      if (episodesBefore !== undefined && oldest !== undefined) dropBefore(metrics, oldest.episodes - episodesBefore);
    }
    if (record.type === 'evaluation') evaluations.push(record);
    if (record.type === 'start') [start, end] = [record, undefined];
    if (record.type === 'end') end = record;
    if (record.type === 'rewind') for (const list of [metrics, checkpoints, evaluations]) dropAfter(list, record.iteration);
  };
  return {
    add,
    history: () => ({
      metrics,
      checkpoints,
      evaluations,
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
    }),
  };
}

function dropBefore(list: { readonly episodes: number }[], episodes: number): void {
  const first = list.findIndex((record) => record.episodes > episodes);
  if (first > 0) list.splice(0, first);
}

function dropAfter(list: { readonly iteration: number }[], iteration: number): void {
  while (list.length > 0 && list.at(-1)!.iteration > iteration) list.pop();
}
