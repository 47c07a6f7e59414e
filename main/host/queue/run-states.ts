/** Which action is possible in which state, and the sentence for those that are not. */
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import { InputError } from '../../../core/contract/errors.ts';
import type { RunRow } from '../store/runs.ts';

type Status = RunSummary['status'];
export type Action = 'pause' | 'resume' | 'extend' | 'stop' | 'retry' | 'clone' | 'move' | 'trash';

const possible: Record<Action, readonly Status[]> = {
  pause: ['queued', 'running'],
  resume: ['paused', 'stopped', 'interrupted', 'failed'],
  extend: ['finished'],
  stop: ['queued', 'running', 'paused'],
  retry: ['failed', 'interrupted'],
  clone: ['queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'interrupted'],
  move: ['queued'],
  trash: ['finished', 'stopped', 'failed', 'interrupted'],
};

const participles: Record<Action, string> = {
  pause: 'paused',
  resume: 'resumed',
  extend: 'extended with more episodes',
  stop: 'stopped',
  retry: 'tried again',
  clone: 'cloned',
  move: 'moved in the queue',
  trash: 'put into the trash',
};

/** @throws InputError `run-state` unless the run is in a state for it, and not in the trash. */
export function requirePossible(row: RunRow, action: Action): void {
  if (row.trashedAtMs !== null) {
    throw new InputError('run-state', `run ${row.id} is in the trash; it can be restored or purged, not ${participles[action]}`);
  }
  // A request that is not yet followed: only a stop can still change it.
  if (row.status === 'running' && row.intent !== null && action !== 'stop' && action !== 'clone') {
    const [being, done] = row.intent === 'pause' ? ['paused', 'it is paused'] : ['stopped', 'it has stopped'];
    const rather = row.intent === 'pause' ? 'stopped or cloned' : 'cloned';
    throw new InputError(
      'run-state',
      `run ${row.id} is being ${being}; it can be ${rather} now, and resumed when ${done}, not ${participles[action]}`,
    );
  }
  if (!possible[action].includes(row.status)) {
    throw new InputError('run-state', `run ${row.id} is ${row.status}; it can be ${listPossible(row.status)}, not ${participles[action]}`);
  }
}

function listPossible(status: Status): string {
  const actions = (Object.keys(possible) as Action[]).filter((action) => possible[action].includes(status));
  const words = actions.map((action) => participles[action]);
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
