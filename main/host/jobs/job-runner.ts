/** Long work of the host: one job at a time of a kind; the ended ones are remembered as long as the host lives. */
import { randomUUID } from 'node:crypto';
import type { Job } from '../../../core/contract/api/lab.ts';
import { toExpectedError } from '../../../core/contract/api/expected-error.ts';
import { EngramError, FailureError, InputError } from '../../../core/contract/errors.ts';
import type { HostLog } from '../host-log.ts';

/** What a job's work gets. */
export interface JobContext {
  readonly signal: AbortSignal;
  report(phase: string, done: number, total: number): void;
}

/** Of a job that also tells, line by line, what it does. */
export interface TellingJobContext extends JobContext {
  say(line: string): void;
}

/** Resolves with what came of it: an id or paths. */
export type JobWork = (context: TellingJobContext) => Promise<readonly string[]>;

export interface JobRunner {
  start(kind: Job['kind'], title: string, work: JobWork): Job;
  list(): Job[];
  /** @throws InputError `unknown-job`. */
  get(id: string): Job;
  /** It ends as soon as its work heeds that. @throws InputError `unknown-job`, `job-ended`. */
  cancel(id: string): Job;
  onChange(listener: (id: string) => void): () => void;
  /** Jobs that work or wait. */
  readonly active: number;
  /** Cancels all, and waits for their end. */
  close(): Promise<void>;
}

interface Entry {
  job: Job;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

const rememberedJobs = 200;
const rememberedLines = 200;

export function isEnded({ state }: Job): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

export function createJobRunner(log: HostLog): JobRunner {
  const entries = new Map<string, Entry>();
  const lastOfKind = new Map<Job['kind'], Promise<void>>();
  const listeners = new Set<(id: string) => void>();

  const change = (entry: Entry, changes: Partial<Job>) => {
    entry.job = { ...entry.job, ...changes };
    for (const listener of listeners) listener(entry.job.id);
  };
  const find = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined)
      throw new InputError('unknown-job', `there is no job "${id.slice(0, 100)}"; jobs are forgotten when the host leaves`);
    return entry;
  };
  const work = async (entry: Entry, doWork: JobWork) => {
    const { signal } = entry.controller;
    try {
      signal.throwIfAborted();
      change(entry, { state: 'working' });
      const result = await doWork({
        signal,
        report: (phase, done, total) => change(entry, { phase, done, total }),
        say: (line) => change(entry, { lines: [...entry.job.lines, line].slice(-rememberedLines) }),
      });
      change(entry, { state: 'done', result: [...result] });
    } catch (error) {
      if (entry.controller.signal.aborted) change(entry, { state: 'cancelled' });
      else change(entry, { state: 'failed', error: toExpectedError(explain(error, entry.job, log)) });
    }
  };
  const active = () => [...entries.values()].filter(({ job }) => !isEnded(job));

  return {
    start: (kind, title, doWork) => {
      const id = randomUUID();
      const job: Job = {
        id,
        kind,
        title,
        state: 'waiting',
        phase: '',
        done: 0,
        total: 0,
        startedAtMs: Date.now(),
        lines: [],
        error: null,
        result: [],
      };
      const before = lastOfKind.get(kind) ?? Promise.resolve();
      const ended: Promise<void> = before.then(() => work(entry, doWork));
      const entry: Entry = { job, controller: new AbortController(), ended };
      lastOfKind.set(kind, ended);
      entries.set(id, entry);
      forgetOldest(entries);
      return job;
    },
    list: () => [...entries.values()].map(({ job }) => job),
    get: (id) => find(id).job,
    cancel: (id) => {
      const entry = find(id);
      if (isEnded(entry.job)) throw new InputError('job-ended', `job "${entry.job.title}" has ended already (${entry.job.state})`);
      entry.controller.abort();
      if (entry.job.state === 'waiting') change(entry, { state: 'cancelled' });
      return entry.job;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get active() {
      return active().length;
    },
    close: async () => {
      for (const { controller } of active()) controller.abort();
      await Promise.all(active().map(({ ended }) => ended));
    },
  };
}

function explain(error: unknown, { kind, title }: Job, log: HostLog): EngramError {
  if (error instanceof EngramError) return error;
  log.error(`unexpected error in job ${kind} "${title}"`, error);
  return new FailureError('host-error', `"${title}" met an unexpected error; the host's log says more: ${log.path}`);
}

function forgetOldest(entries: Map<string, Entry>): void {
  for (const [id, { job }] of entries) {
    if (entries.size <= rememberedJobs) return;
    if (isEnded(job)) entries.delete(id);
  }
}
