/** Writes a run's metrics as its journal tells them, with their pyramid. */
import { ownMetricNames, type JournalRecord, type JournalRecordOf } from '../../../core/contract/journal-records.ts';
import type { SeriesDatabase } from './database-types.ts';
import { fromBlob, toBlob } from './float-blobs.ts';
import { addValues, bucketOf, createPyramid, emptySummaries, mergeSummaries, pyramidBase, pyramidLevels, type Pyramid } from './pyramid.ts';

/** How far a journal has been taken over, and the CRC-32 of the last bytes before that. */
export interface FollowedPosition {
  readonly offset: number;
  readonly sequence: number;
  readonly mark: number;
}

export interface SeriesWriter {
  readonly position: FollowedPosition;
  /** Takes the next records; they and the new position are there together, or neither is. */
  take(records: readonly JournalRecord[], position: FollowedPosition): void;
  /** Forgets everything about the run, so that its journal can be taken from the beginning. */
  reset(): void;
}

interface State {
  readonly runKey: number;
  /** Up to which the journal was taken when this was right. */
  sequence: number;
  readonly slots: Map<string, number>;
  pyramid: Pyramid;
  /** The last iteration that is there; -Infinity before the first. */
  last: number;
}

export function createSeriesWriter(series: SeriesDatabase, runId: string): SeriesWriter {
  const select = series.prepare<FollowedPosition & { readonly runKey: number }>(
    `SELECT run_key AS runKey, journal_offset AS offset, journal_sequence AS sequence, journal_mark AS mark
     FROM followed WHERE run_id = ?`,
  );
  let state: State | undefined;

  const open = (): State => {
    let row = select.get(runId);
    if (row === undefined) {
      series.prepare('INSERT INTO followed (run_id) VALUES (?)').run(runId);
      row = select.get(runId)!;
    }
    // Another writer of the same run may have gone on meanwhile.
    if (state?.runKey !== row.runKey || state.sequence !== row.sequence) state = loadState(series, row);
    return state;
  };

  return {
    get position() {
      return select.get(runId) ?? { offset: 0, sequence: 1, mark: 0 };
    },
    take(records, { offset, sequence, mark }) {
      try {
        series.transaction(() => {
          const current = open();
          takeRecords(series, current, records);
          series
            .prepare('UPDATE followed SET journal_offset = ?, journal_sequence = ?, journal_mark = ? WHERE run_key = ?')
            .run(offset, sequence, mark, current.runKey);
          current.sequence = sequence;
        });
      } catch (error) {
        // What is in memory is ahead of the database now.
        state = undefined;
        throw error;
      }
    },
    reset() {
      state = undefined;
      deleteSeries(series, runId);
    },
  };
}

/** Everything that is known of the run's metrics, and how far its journal was read. */
export function deleteSeries(series: SeriesDatabase, runId: string): void {
  series.prepare('DELETE FROM followed WHERE run_id = ?').run(runId);
}

function takeRecords(series: SeriesDatabase, state: State, records: readonly JournalRecord[]): void {
  const insert = series.prepare('INSERT INTO metrics (run_key, iteration, metric_values) VALUES (?, ?, ?)');
  let changed = false;
  for (const record of records) {
    if (record.type === 'rewind') rewind(series, state, record.iteration);
    else if (record.type === 'metrics') {
      // An iteration that comes again replaces what was, also where the journal does not say that it goes back.
      if (record.iteration <= state.last) rewind(series, state, record.iteration - 1);
      const values = readValues(series, state, record);
      insert.run(state.runKey, record.iteration, toBlob(values));
      state.pyramid.add(record.iteration, values);
      state.last = record.iteration;
    } else continue;
    changed = true;
  }
  if (changed) state.pyramid.emitUnfinished();
}

function readValues(series: SeriesDatabase, state: State, record: JournalRecordOf<'metrics'>): Float64Array {
  const { slots } = state;
  const named = record.values;
  for (const name in named) if (!slots.has(name)) addSlot(series, state, name);
  const values = new Float64Array(slots.size).fill(NaN);
  for (const name in named) values[slots.get(name)!] = named[name]!;
  for (const name of ownMetricNames) values[slots.get(name)!] = record[name];
  return values;
}

function addSlot(series: SeriesDatabase, { runKey, slots }: State, name: string): void {
  series.prepare('INSERT INTO metric_names (run_key, slot, name) VALUES (?, ?, ?)').run(runKey, slots.size, name);
  slots.set(name, slots.size);
}

/** Takes back what came after `iteration`. */
function rewind(series: SeriesDatabase, state: State, iteration: number): void {
  if (iteration >= state.last) return;
  const { runKey } = state;
  series.prepare('DELETE FROM metrics WHERE run_key = ? AND iteration > ?').run(runKey, iteration);
  const dropBuckets = series.prepare('DELETE FROM buckets WHERE run_key = ? AND level = ? AND bucket >= ?');
  // Also the bucket that this iteration ends in the midst of: what is left of it is written anew.
  for (let level = 1; level <= pyramidLevels; level++) dropBuckets.run(runKey, level, bucketOf(iteration + 1, level));
  Object.assign(state, loadPyramid(series, runKey));
}

function loadState(series: SeriesDatabase, { runKey, sequence }: Pick<State, 'runKey' | 'sequence'>): State {
  const names = series.prepare<{ name: string; slot: number }>('SELECT name, slot FROM metric_names WHERE run_key = ?').all(runKey);
  const slots = new Map(names.map(({ name, slot }) => [name, slot]));
  const state: State = { runKey, sequence, slots, ...loadPyramid(series, runKey) };
  for (const name of ownMetricNames) if (!state.slots.has(name)) addSlot(series, state, name);
  return state;
}

/** The unfinished buckets, made anew from their finished parts. */
function loadPyramid(series: SeriesDatabase, runKey: number): Pick<State, 'pyramid' | 'last'> {
  const put = series.prepare(
    `INSERT INTO buckets (run_key, level, bucket, summaries) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET summaries = excluded.summaries`,
  );
  const onBucket = (level: number, bucket: number, summaries: Float64Array) => void put.run(runKey, level, bucket, toBlob(summaries));
  const last = series.prepare<{ last: number | null }>('SELECT max(iteration) AS last FROM metrics WHERE run_key = ?').get(runKey)!.last;
  if (last === null) return { pyramid: createPyramid(onBucket), last: -Infinity };

  const select = 'SELECT metric_values AS blob FROM metrics WHERE run_key = ? AND iteration > ? ORDER BY iteration';
  const rows = series.prepare<{ blob: Uint8Array }>(select).all(runKey, bucketOf(last, 1) * pyramidBase);
  const parts = [rows.reduce((part, { blob }) => addValues(part, fromBlob(blob)), emptySummaries(0))];
  const children = series.prepare<{ blob: Uint8Array }>(
    'SELECT summaries AS blob FROM buckets WHERE run_key = ? AND level = ? AND bucket >= ? AND bucket < ? ORDER BY bucket',
  );
  for (let level = 2; level <= pyramidLevels; level++) {
    const finished = children.all(runKey, level - 1, bucketOf(last, level) * pyramidBase, bucketOf(last, level - 1));
    parts.push(finished.reduce((part, { blob }) => mergeSummaries(part, fromBlob(blob)), emptySummaries(0)));
  }
  return { pyramid: createPyramid(onBucket, { iteration: last, parts }), last };
}
