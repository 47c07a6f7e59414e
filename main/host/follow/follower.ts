/** Takes over what a run's journal has gained into both databases, each record exactly once. */
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import type { RunPaths } from '../../run-folder/run-paths.ts';
import type { Stores } from '../store/open-stores.ts';

export interface PolledRecords {
  readonly records: readonly JournalRecord[];
  /** The number of the first record that was read. */
  readonly first: number;
  /** The number of the record that will come next. */
  readonly next: number;
  /** There is more to read at once, which `limit` kept back. */
  readonly more: boolean;
}

export interface Follower {
  /**
   * Takes over what has come. With `chunks`, stops after reading so many times 4 MB.
   * @throws FailureError `disk-full` and others of the databases; nothing is then taken over that would be missing later.
   */
  poll(chunks?: number): PolledRecords;
}
