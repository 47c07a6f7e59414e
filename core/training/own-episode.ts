/** Which own episodes an experiment can take. */
import type { OwnEpisode, OwnMaze } from '../contract/own-episode.ts';
import { InputError } from '../contract/errors.ts';
import type { FewShotTask } from '../tasks/few-shot.ts';
import { ownRecall } from '../tasks/own-recall.ts';
import type { RecallTask } from '../tasks/recall.ts';

/** @throws InputError `own-episode-not-possible`. */
export function withOwnRecall(task: RecallTask, own: OwnEpisode | undefined): RecallTask {
  if (own === undefined) return task;
  if (own.kind === 'maze') throw notPossible('a maze is for the maze experiment');
  if (own.kind === 'training' && task.binary) throw drawnAnew();
  return ownRecall(task, own);
}

/** @throws InputError `own-episode-not-possible`. */
export function withOwnFewShot(task: FewShotTask, own: OwnEpisode | undefined): FewShotTask {
  if (own === undefined) return task;
  if (own.kind !== 'training') throw notPossible('characters come from a data set: import drawings of your own as one');
  return { ...task, draw: (_part, episodes) => task.draw('training', episodes) };
}

/** @throws InputError `own-episode-not-possible`. */
export function requireMaze(own: OwnEpisode | undefined): OwnMaze | undefined {
  if (own === undefined || own.kind === 'maze') return own;
  throw own.kind === 'training' ? drawnAnew() : notPossible('the maze shows no patterns');
}

/** For experiments that take none. @throws InputError `own-episode-not-possible`. */
export function refuseOwn(own: OwnEpisode | undefined): void {
  if (own === undefined) return;
  throw own.kind === 'training' ? drawnAnew() : notPossible('this experiment’s episodes cannot be set by hand');
}

function drawnAnew(): InputError {
  return notPossible('this experiment draws every episode anew, so that none of a held-out seed differs from those of training');
}

function notPossible(why: string): InputError {
  return new InputError('own-episode-not-possible', why);
}
