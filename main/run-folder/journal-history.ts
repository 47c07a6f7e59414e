/** What a journal says in the end: rewinds applied, so that no iteration counts twice. */
import type { JournalRecord, JournalRecordOf } from '../../core/contract/journal-records.ts';

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

export function readHistory(records: Iterable<JournalRecord>): JournalHistory {
  const metrics: JournalRecordOf<'metrics'>[] = [];
  const checkpoints: JournalRecordOf<'checkpoint'>[] = [];
  const evaluations: JournalRecordOf<'evaluation'>[] = [];
  let start: JournalRecordOf<'start'> | undefined;
  let end: JournalRecordOf<'end'> | undefined;
  for (const record of records) {
    if (record.type === 'metrics') metrics.push(record);
    if (record.type === 'checkpoint') checkpoints.push(record);
    if (record.type === 'evaluation') evaluations.push(record);
    if (record.type === 'start') [start, end] = [record, undefined];
    if (record.type === 'end') end = record;
    if (record.type === 'rewind') for (const list of [metrics, checkpoints, evaluations]) dropAfter(list, record.iteration);
  }
  return { metrics, checkpoints, evaluations, ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function dropAfter(list: { readonly iteration: number }[], iteration: number): void {
  while (list.length > 0 && list.at(-1)!.iteration > iteration) list.pop();
}
