/** What the run queue offers to the host, and what it needs from it. */
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { Settings } from '../../../core/contract/api/lab.ts';
import type { Stores } from '../store/open-stores.ts';
import type { RunRow } from '../store/runs.ts';
import type { Slot } from './slots.ts';

/** What people say of new runs. */
export interface About {
  readonly name?: string;
  readonly note?: string;
  readonly group?: string;
  readonly tags?: readonly string[];
}

export interface QueueOptions {
  readonly stores: Stores;
  readonly dataFolder: string;
  /** The program that trainer processes run. */
  readonly trainerEntry: string;
  readonly settings: () => Settings;
  /** Why a run cannot be trained because of its data set; asked before each start. */
  readonly checkDataset?: (spec: RunSpec) => Promise<string | undefined>;
  /** Asked before runs are made. @throws InputError for one that could never be trained here. */
  readonly checkRun?: (spec: RunSpec, slot: Slot) => Promise<void>;
  /** A line for the host's log: what went wrong that belongs to no run. */
  readonly log?: (line: string) => void;
  /** Wall clock, milliseconds since 1970: for display only. */
  readonly now?: () => number;
  /** How long a trainer may take to heed a request before that is said; default 60,000. */
  readonly stopPatienceMs?: number;
  /** How long a trainer that an earlier host may have started can take until there is a sign of it; default 10,000. */
  readonly startPatienceMs?: number;
}

/** Takes records as they come; `first` is the journal's number of the first. */
export type RecordsListener = (id: string, first: number, records: readonly JournalRecord[]) => void;
export type ChangeListener = (id: string) => void;

/**
 * The run queue. Ids are whole. Every action throws InputError `unknown-run` for a run that there is not, and `run-state` for one whose state
 * forbids it, naming the state and what can be done instead; doing what was done already is harmless.
 */
export interface Queue {
  /**
   * Takes up what an earlier host left: follows trainers that live, marks runs whose trainers are gone, takes in folders that are not in the
   * database. Nothing is started before that is done. Resolves with what people should know of it.
   */
  start(): Promise<readonly string[]>;
  /** Leaves trainers alone. */
  close(): void;

  /**
   * Creates folders and rows, and queues the runs in this order.
   * @throws InputError as `parseRunSpec`, `checkRun`; FailureError `disk-full`.
   */
  create(specs: readonly RunSpec[], about?: About): Promise<RunRow[]>;
  /** Of a running one: asks its trainer to save and leave. Of a queued one: takes it out of the queue. */
  pause(id: string): RunRow;
  /**
   * Queues a paused, stopped, interrupted or failed run again; a finished one with more `episodes`. It goes on exactly.
   * @throws InputError `episodes-fewer`, `run-finished`.
   */
  resume(id: string, episodes?: number): RunRow;
  /** Of a running one: with a checkpoint, or at once with `now`; of a queued or paused one: where it stands. */
  stop(id: string, now?: boolean): RunRow;
  /** Queues a failed or interrupted run again. */
  retry(id: string): RunRow;
  /**
   * Queues a new run with the same spec but for `changes`: fields of the spec, or parameters of the experiment by name; null leaves a field out.
   * @throws InputError as `parseRunSpec`, `unknown-change`.
   */
  clone(id: string, changes: Readonly<Record<string, unknown>>): Promise<RunRow>;
  /** Puts a queued run in front of another queued one, or at the end. */
  move(id: string, beforeId: string | null): RunRow;
  /** All or none of them. @throws InputError `run-protected` too. */
  trash(ids: readonly string[]): RunRow[];
  restore(ids: readonly string[]): RunRow[];
  /** Deletes trashed runs for good: folders and rows. All are checked before the first is deleted. */
  purge(
    ids: readonly string[],
    onProgress?: (done: number) => void,
  ): Promise<{ readonly purged: readonly string[]; readonly freedBytes: number }>;

  /** Settings or the disk have changed: looks again at once. */
  wake(): void;
  /** Trainer processes that live or are being started. */
  readonly running: number;
  readonly queued: number;
  /** Whether there is anything to watch over: trainers, or queued runs that will be started by themselves. */
  readonly busy: boolean;
  /** Why no run is started at present. */
  readonly held: string | null;
  onRecords(listener: RecordsListener): () => void;
  onChange(listener: ChangeListener): () => void;
}
