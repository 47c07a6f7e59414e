/** The trainers that live: started or found, followed, asked to leave, and what becomes of their runs when they are gone. */
import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import type { RunPaths } from '../../run-folder/run-paths.ts';
import { trainerExitCodes } from '../../trainer/jobs.ts';
import { requestStop } from '../../trainer/stop-signal.ts';
import { createFollower } from '../follow/follower.ts';
import { readRun, type RunRow } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import { explainEnding } from './ending.ts';
import { firstPlace } from './places.ts';
import { findTrainer, spawnTrainer, type TrainerProcess } from './trainer-process.ts';

export interface Trainers {
  /** Ids of the runs whose trainers live. */
  readonly live: ReadonlySet<string>;
  /** Starts a trainer for a queued run; where somebody else's has the run already, follows that one. */
  start(row: RunRow): void;
  /** Follows the trainer of a run that is marked as running, or finds that it is gone. */
  adopt(row: RunRow): void;
  /** Asks it to save and leave: the run's row says how it is meant. */
  ask(id: string): void;
  /** Ends it at once. */
  kill(id: string): void;
  /** Takes over what they wrote, and sees who is gone. */
  poll(): void;
}

export interface TrainerEvents {
  /** New records of a run were taken over. */
  onRecords(id: string, records: readonly JournalRecord[]): void;
  /** Its trainer is gone, and the row says how it ended; `asked`: what it had been asked to do. Called again later where it throws. */
  onEnded(id: string, asked: RunRow['intent']): void;
  /** A child has ended: `poll` is worth while. */
  onExit(): void;
}

interface Live {
  readonly id: string;
  readonly paths: RunPaths;
  readonly follower: ReturnType<typeof createFollower>;
  process: TrainerProcess;
  /** It has written how its run ended. */
  ended: boolean;
  /** When it was asked to leave. */
  askedMs?: number;
  /** A signal had to do: a second one would end it at once. */
  isSignalled: boolean;
  /** Set when it is gone. */
  asked?: RunRow['intent'];
  slowToHeed: boolean;
  problem?: string;
}

const defaultPatienceMs = 60_000;

export function createTrainers(context: QueueContext, events: TrainerEvents): Trainers {
  const live = new Map<string, Live>();
  const patienceMs = context.stopPatienceMs ?? defaultPatienceMs;

  const add = (id: string, process: (paths: RunPaths) => TrainerProcess): Live => {
    const paths = context.paths(id);
    const follower = createFollower(context.stores, id, paths);
    const trainer: Live = { id, paths, follower, process: process(paths), ended: false, isSignalled: false, slowToHeed: false };
    live.set(id, trainer);
    return trainer;
  };

  /** Found, not started: by an earlier host, or by one on another computer, of which nobody can tell from here whether it lives. */
  const find = (id: string, process: (paths: RunPaths) => TrainerProcess): Live => {
    const trainer = add(id, process);
    const { lock } = trainer.paths;
    const { host } = readLockHolder(lock) ?? {};
    if (host !== undefined && host !== hostname()) {
      const message = `its lock says that a trainer on the computer "${host}" has it; if none does any more, as after a change of name, delete ${lock}`;
      context.note(id, 'locked-elsewhere', message, { level: 'warning' });
    }
    return trainer;
  };

  /** Returns whether there is more to take over. */
  const takeOver = (trainer: Live): boolean => {
    const { records, first, more } = trainer.follower.poll(1);
    if (records.length === 0) return more;
    for (const { type } of records) if (type === 'start' || type === 'end') trainer.ended = type === 'end';
    events.onRecords(trainer.id, records);
    for (const listener of context.recordsListeners) listener(trainer.id, first, records);
    context.changed(trainer.id);
    return more;
  };

  const watchRequest = (trainer: Live) => {
    if (trainer.askedMs === undefined || trainer.ended) return;
    // A trainer that was only beginning may have taken the request for one to its predecessor.
    if (!existsSync(trainer.paths.stop)) askToLeave(trainer);
    if (trainer.slowToHeed || performance.now() - trainer.askedMs < patienceMs) return;
    trainer.slowToHeed = true;
    const asked = `its trainer was asked to save and leave ${Math.round(patienceMs / 1000)} s ago and has not done so yet`;
    context.note(trainer.id, 'stop-not-heeded', `${asked}; stopping it now would end it at once, without a checkpoint`, {
      level: 'warning',
    });
    context.changed(trainer.id);
  };

  const conclude = (trainer: Live) => {
    const { id, paths, process } = trainer;
    const row = context.read(id);
    const exit = process.exit();
    const holder = readLockHolder(paths.lock);
    if (exit?.code === trainerExitCodes.busy && holder !== undefined) {
      trainer.process = findTrainer(paths, holder.pid);
      return;
    }
    trainer.asked ??= row.intent;
    if (row.status === 'running') markUnspoken(context, row, paths, exit?.code === trainerExitCodes.busy ? undefined : exit);
    // A request that came too late.
    if (holder === undefined) rmSync(paths.stop, { force: true });
    live.delete(id);
    try {
      events.onEnded(id, trainer.asked);
    } catch (error) {
      live.set(id, trainer);
      throw error;
    }
  };

  const pollOne = (trainer: Live) => {
    if (readRun(context.lab, trainer.id) === undefined) {
      // Purged as soon as it had ended.
      live.delete(trainer.id);
      return;
    }
    // Asked before the last look at the journal: what it wrote until its end is then in there.
    const isAlive = trainer.process.isAlive();
    const more = takeOver(trainer);
    if (isAlive) watchRequest(trainer);
    else if (!more) conclude(trainer);
  };

  /** What goes wrong is said once, and tried again. */
  const tryToPoll = (trainer: Live) => {
    try {
      pollOne(trainer);
      delete trainer.problem;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (trainer.problem !== problem) context.log(`run ${trainer.id} cannot be followed at present: ${problem}`);
      trainer.problem = problem;
    }
  };

  return {
    get live() {
      return new Set(live.keys());
    },
    start(row) {
      const paths = context.paths(row.id);
      const isTaken = readLockHolder(paths.lock) !== undefined;
      // What an earlier trainer left unread, and what it was asked, is not for this one.
      createFollower(context.stores, row.id, paths).poll();
      if (!isTaken) rmSync(paths.stop, { force: true });
      context.change(row.id, {
        status: 'running',
        queuePlace: null,
        attempts: row.attempts + 1,
        startedAtMs: row.startedAtMs ?? context.now(),
        endedAtMs: null,
        pid: null,
        intent: null,
        reasonCode: null,
        reason: null,
      });
      if (isTaken) {
        find(row.id, () => findTrainer(paths, null));
        return;
      }
      let pid: number | undefined;
      add(row.id, () => {
        const child = spawnTrainer(paths, row.spec, context.trainerEntry, events.onExit);
        ({ pid } = child);
        return child;
      });
      if (pid !== undefined) context.change(row.id, { pid });
    },
    adopt(row) {
      const trainer = find(row.id, (paths) => findTrainer(paths, row.pid, context.startPatienceMs));
      if (row.intent !== null) trainer.askedMs = performance.now();
      tryToPoll(trainer);
    },
    ask(id) {
      const trainer = live.get(id);
      if (trainer === undefined) return;
      trainer.askedMs ??= performance.now();
      if (!trainer.ended) askToLeave(trainer);
    },
    kill: (id) => live.get(id)?.process.kill('SIGKILL'),
    poll: () => {
      for (const trainer of [...live.values()]) tryToPoll(trainer);
    },
  };
}

/** Where not even an empty file can be written any more, a signal has to do. */
function askToLeave(trainer: Live): void {
  if (trainer.isSignalled) return;
  try {
    requestStop(trainer.paths);
  } catch {
    trainer.isSignalled = true;
    trainer.process.kill('SIGTERM');
  }
}

/** For a trainer that has gone without writing how its run ended. */
function markUnspoken(context: QueueContext, row: RunRow, paths: RunPaths, exit: ReturnType<TrainerProcess['exit']>): void {
  const { id } = row;
  const ended = { intent: null, pid: null, endedAtMs: context.now() };
  if (row.intent === 'stop') {
    const reason = 'its trainer ended before it had saved; the last checkpoint is as it was';
    context.change(id, { status: 'stopped', reasonCode: 'stopped-at-once', reason, ...ended });
    context.note(id, 'stopped', reason, { level: 'warning' });
    return;
  }
  if (exit === undefined && row.pid === null) {
    // The host that was to start it went before it could; it did not begin.
    if (row.intent === 'pause') context.change(id, { status: 'paused', ...ended });
    else context.change(id, { status: 'queued', queuePlace: firstPlace(context) });
    return;
  }
  const why = explainEnding(paths, exit);
  context.change(id, { status: 'interrupted', ...why, ...ended });
  context.note(id, 'interrupted', why.reason, { level: 'error' });
}
