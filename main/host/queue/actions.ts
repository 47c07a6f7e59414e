/** What people ask of a run: pause, resume, stop, retry, move. Doing what was done already changes nothing. */
import { InputError } from '../../../core/contract/errors.ts';
import { readCount } from '../../../core/experiments/create-run-spec.ts';
import { runLimits, type RunSpec } from '../../../core/contract/run-spec.ts';
import { extensionsFolder, findExtensionCode } from '../../extensions/extension-files.ts';
import type { RunRow } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import { lastPlace, movePlace } from './places.ts';
import type { Queue } from './queue-types.ts';
import { requirePossible } from './run-states.ts';
import type { Slots } from './slots.ts';
import type { Trainers } from './trainers.ts';

export type RunActions = Pick<Queue, 'pause' | 'resume' | 'stop' | 'retry' | 'move'>;

export function createActions(context: QueueContext, trainers: Trainers, slots: Slots, schedule: () => void): RunActions {
  const byPerson = { source: 'person' } as const;

  const queueAgain = (row: RunRow, spec: RunSpec, message: string) => {
    // With other code than it began with it would not go on, but be another run.
    for (const extension of spec.extensions ?? []) findExtensionCode(extensionsFolder(context.dataFolder), extension);
    const fresh = { reasonCode: null, reason: null, endedAtMs: null, resumesWithoutProgress: 0 };
    context.change(row.id, { status: 'queued', queuePlace: lastPlace(context), spec, slot: slots.slotOf(spec), ...fresh });
    context.note(row.id, 'queued', message, byPerson);
    schedule();
    return context.read(row.id);
  };

  const pause = (id: string) => {
    const row = context.read(id);
    const isDone = row.status === 'paused' || row.intent === 'pause';
    // What the guard has paused is from now on paused by a person, and stays so.
    if (isDone && row.trashedAtMs === null) return row.reasonCode === null ? row : context.change(id, { reasonCode: null, reason: null });
    requirePossible(row, 'pause');
    context.note(id, 'pause', row.status === 'queued' ? 'taken out of the queue' : 'asked to save and pause', byPerson);
    if (row.status === 'queued') return context.change(id, { status: 'paused', queuePlace: null });
    const changed = context.change(id, { intent: 'pause' });
    trainers.ask(id);
    return changed;
  };

  const resume = (id: string, episodes?: number) => {
    const row = context.read(id);
    const wanted = episodes === undefined ? row.spec.episodes : readCount('episodes', episodes, 1, runLimits.episodes);
    if (row.status === 'queued' && wanted === row.spec.episodes && row.trashedAtMs === null) return row;
    requirePossible(row, row.status === 'finished' ? 'extend' : 'resume');
    if (wanted < row.spec.episodes) {
      const rule = `run ${id} is to have ${row.spec.episodes} episodes; that can be raised, not lowered to ${wanted}`;
      throw new InputError('episodes-fewer', rule);
    }
    if (row.status === 'finished' && wanted === row.spec.episodes) {
      throw new InputError('run-finished', `run ${id} has finished its ${row.spec.episodes} episodes; name more to extend it`);
    }
    const message = wanted === row.spec.episodes ? 'queued to go on' : `queued to go on up to ${wanted} episodes`;
    return queueAgain(row, { ...row.spec, episodes: wanted }, message);
  };

  const stop = (id: string, now = false) => {
    const row = context.read(id);
    if (row.status === 'stopped' && row.trashedAtMs === null) return row;
    requirePossible(row, 'stop');
    if (row.status !== 'running') {
      context.note(id, 'stop', row.status === 'queued' ? 'taken out of the queue' : 'stopped where it stands', byPerson);
      return context.change(id, { status: 'stopped', queuePlace: null, reasonCode: null, reason: null, endedAtMs: context.now() });
    }
    if (row.intent !== 'stop') context.note(id, 'stop', now ? 'stopped at once' : 'asked to save and stop', byPerson);
    const changed = context.change(id, { intent: 'stop', reasonCode: null, reason: null });
    if (now) trainers.kill(id);
    else trainers.ask(id);
    return changed;
  };

  const retry = (id: string) => {
    const row = context.read(id);
    if (row.status === 'queued' && row.trashedAtMs === null) return row;
    requirePossible(row, 'retry');
    return queueAgain(row, row.spec, 'queued to be tried again from its last checkpoint');
  };

  const move = (id: string, beforeId: string | null) => {
    requirePossible(context.read(id), 'move');
    if (beforeId !== null) requirePossible(context.read(beforeId), 'move');
    movePlace(context, id, beforeId);
    schedule();
    return context.read(id);
  };

  return { pause, resume, stop, retry, move };
}
