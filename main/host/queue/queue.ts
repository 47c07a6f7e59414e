/** The run queue: puts its parts together, and gives them their turns. */
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { FailureError } from '../../../core/contract/errors.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { RunRow } from '../store/runs.ts';
import { createActions } from './actions.ts';
import { createContext, type QueueContext } from './context.ts';
import { createDiskGuard } from './disk-guard.ts';
import { measureFolder } from './folder-size.ts';
import { changeSpec, createRuns } from './new-runs.ts';
import type { About, Queue, QueueOptions } from './queue-types.ts';
import { adoptRunning, describeInterrupted, reconcileRows } from './reconcile.ts';
import { resumeInterrupted } from './resume-interrupted.ts';
import { noteOldCheckpoints, removeOldCheckpoints, removeOverdueCheckpoints } from './retention.ts';
import { requirePossible } from './run-states.ts';
import { createScheduler } from './scheduler.ts';
import { createSlots, type Slots } from './slots.ts';
import { takeInFolders, withinTime } from './take-in-folders.ts';
import { createTrainers } from './trainers.ts';
import { createTrash } from './trash.ts';

export type { Queue, QueueOptions } from './queue-types.ts';

const pollEveryMs = 100;
/** How often is tried what did not work, and the disk looked at while runs wait for space. */
const lookEveryMs = 3000;
/** Whoever started the host gets answers first. */
const tidyAfterMs = 1000;

export function createQueue(options: QueueOptions): Queue {
  const context = createContext(options);
  const slots = createSlots();
  /** `new`: what an earlier host left is still being taken up, and nothing may start. */
  let state: 'new' | 'open' | 'closed' = 'new';
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;
  const taken = Promise.withResolvers<null>();
  taken.promise.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  let tidyTimer: NodeJS.Timeout | undefined;

  const measure = (id: string) => void context.change(id, { sizeBytes: measureFolder(context.paths(id).folder) });

  const trainers = createTrainers(context, {
    onRecords: (id, records) => heed(context, slots, id, records),
    onEnded: (id, asked) => {
      const { status } = context.read(id);
      if (status === 'finished') removeOldCheckpoints(context, id);
      if (status === 'interrupted' && asked === null) resumeInterrupted(context, id);
      measure(id);
      if (status === 'paused') guard.check(true);
      scheduler.schedule();
    },
    onExit: () => turnSoon(),
  });
  const guard = createDiskGuard(context, trainers);
  const scheduler = createScheduler(context, trainers, slots, {
    mayStart: () => state === 'open' && guard.held === null,
    onOwed: () => wait(),
  });

  let problem: string | undefined;
  /** What goes wrong is said once, and tried again at the next turn. */
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== problem) context.log(`the queue: ${message}`);
      problem = message;
      return undefined;
    }
  };

  let triedMs = -Infinity;
  const tryAgain = () => {
    if (!scheduler.owes || performance.now() - triedMs < lookEveryMs) return;
    triedMs = performance.now();
    // Also those whose start failed half-way.
    adoptRunning(context, trainers);
    scheduler.schedule();
  };
  /** Every timer's work. */
  const turn = () => {
    timer = undefined;
    if (isClosed()) return;
    trainers.poll();
    attempt(() => {
      if (guard.check()) scheduler.schedule();
    });
    attempt(tryAgain);
    wait();
  };
  const wait = () => {
    if (isClosed() || timer !== undefined) return;
    if (scheduler.running > 0) timer = setTimeout(turn, pollEveryMs);
    else if (guard.held !== null || scheduler.owes) timer = setTimeout(turn, lookEveryMs);
  };
  const turnSoon = () => {
    if (isClosed()) return;
    clearTimeout(timer);
    timer = setTimeout(turn, 0);
  };
  const wake = () => {
    attempt(() => guard.check(true));
    scheduler.schedule();
    wait();
  };
  const add = async (specs: readonly RunSpec[], about: About): Promise<RunRow[]> => {
    // A folder that was just made must not be taken for one that somebody copied in.
    await taken.promise;
    const rows = await createRuns(context, slots, specs, about);
    wake();
    return rows.map(({ id }) => context.read(id));
  };

  return {
    async start() {
      const notices = await reconcileRows(context, trainers);
      wait();
      const intake = takeInFolders(context, slots, closing.signal).then((found) => {
        if (isClosed()) return [];
        const lost = attempt(() => adoptRunning(context, trainers)) ?? 0;
        tidyTimer = setTimeout(() => attempt(() => removeOverdueCheckpoints(context).forEach(measure)), tidyAfterMs);
        state = 'open';
        taken.resolve(null);
        wake();
        return [...found, ...describeInterrupted(lost)];
      });
      return [...notices, ...(await withinTime(intake, context.log))];
    },
    close() {
      state = 'closed';
      closing.abort();
      clearTimeout(timer);
      clearTimeout(tidyTimer);
      taken.reject(new FailureError('lab-closing', `the lab in ${options.dataFolder} is being closed; try again in a moment`));
    },
    create: (specs, about = {}) => add(specs, about),
    async clone(id, changes) {
      const row = context.read(id);
      requirePossible(row, 'clone');
      const { name, runGroup: group, tags } = row;
      const rows = await add([changeSpec(row.spec, changes)], { name, group, tags });
      context.note(rows[0]!.id, 'cloned', `cloned from ${id}`, { source: 'person' });
      return rows[0]!;
    },
    ...createActions(context, trainers, slots, wake),
    ...createTrash(context),
    wake,
    get running() {
      return scheduler.running;
    },
    get queued() {
      return scheduler.queued;
    },
    get busy() {
      const expectsStarts = !context.settings().queueHeld && scheduler.expectsStarts;
      return state === 'new' || scheduler.running > 0 || expectsStarts || guard.hasPaused;
    },
    get held() {
      return guard.held ?? (context.settings().queueHeld ? 'the queue is on hold: what trains goes on, nothing else is started' : null);
    },
    onRecords: (listener) => subscribe(context.recordsListeners, listener),
    onChange: (listener) => subscribe(context.changeListeners, listener),
  };
}

/** What records mean to the queue. */
function heed(context: QueueContext, slots: Slots, id: string, records: readonly JournalRecord[]): void {
  for (const record of records) {
    if (record.type !== 'start') continue;
    const { spec, slot } = context.read(id);
    const learned = slots.learn(spec, record.backend, record.device);
    if (learned !== slot) context.change(id, { slot: learned });
  }
  if (records.some((record) => record.type === 'checkpoint' && record.kind === 'full')) {
    const sizeBytes = measureFolder(context.paths(id).folder);
    context.lab.transaction(() => {
      noteOldCheckpoints(context, id);
      // What was saved is progress, however often it has to be taken up from there.
      context.change(id, { resumesWithoutProgress: 0, sizeBytes });
    });
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
