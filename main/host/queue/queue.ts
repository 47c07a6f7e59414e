/** The run queue: puts its parts together, and gives them their turns. */
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
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
import { removeOldCheckpoints } from './retention.ts';
import { requirePossible } from './run-states.ts';
import { createScheduler } from './scheduler.ts';
import { createSlots, type Slots } from './slots.ts';
import { takeInFolders, withinTime } from './take-in-folders.ts';
import { createTrainers } from './trainers.ts';
import { createTrash } from './trash.ts';

export type { About, Queue, QueueOptions } from './queue-types.ts';

const pollEveryMs = 100;
/** How often the disk is looked at while runs wait for space. */
const lookEveryMs = 3000;

export function createQueue(options: QueueOptions): Queue {
  const context = createContext(options);
  const slots = createSlots();
  /** `new`: what an earlier host left is still being taken up, and nothing may start. */
  let state: 'new' | 'open' | 'closed' = 'new';
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;
  const taken = Promise.withResolvers<null>();
  let timer: NodeJS.Timeout | undefined;

  const trainers = createTrainers(context, {
    onRecords: (id, records) => heed(context, slots, id, records),
    onEnded: (id, asked) => {
      const { status } = context.read(id);
      if (status === 'finished') removeOldCheckpoints(context, id);
      if (status === 'interrupted' && asked === null) resumeInterrupted(context, id);
      context.change(id, { sizeBytes: measureFolder(context.paths(id).folder) });
      if (status === 'paused') guard.check(true);
      scheduler.schedule();
    },
    onExit: () => turnSoon(),
  });
  const guard = createDiskGuard(context, trainers);
  const scheduler = createScheduler(context, trainers, slots, () => state === 'open' && guard.held === null);

  /** Every timer's work; what goes wrong is tried again at the next turn. */
  const turn = () => {
    timer = undefined;
    if (isClosed()) return;
    try {
      trainers.poll();
      if (guard.check()) scheduler.schedule();
    } catch (error) {
      context.log(`the queue: ${error instanceof Error ? error.message : String(error)}`);
    }
    wait();
  };
  const wait = () => {
    if (isClosed() || timer !== undefined) return;
    if (scheduler.running > 0) timer = setTimeout(turn, pollEveryMs);
    else if (guard.held !== null) timer = setTimeout(turn, lookEveryMs);
  };
  const turnSoon = () => {
    if (isClosed()) return;
    clearTimeout(timer);
    timer = setTimeout(turn, 0);
  };
  const wake = () => {
    guard.check(true);
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
        const lost = adoptRunning(context, trainers);
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
      return state === 'new' || scheduler.running > 0 || scheduler.expectsStarts;
    },
    get held() {
      return guard.held;
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
  if (records.some(({ type }) => type === 'checkpoint')) {
    // What was saved is progress, however often it has to be taken up from there.
    context.change(id, { resumesWithoutProgress: 0, sizeBytes: measureFolder(context.paths(id).folder) });
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
