/** Which checkpoint is looked at: one that somebody chose, or the newest, which is followed. Retention may take either away meanwhile. */
import type { RunDetails } from '../../core/contract/api/runs.ts';

type Checkpoint = RunDetails['checkpoints'][number];

export interface LookedInto {
  /** What is looked at, there or not; undefined where nothing has such a name. */
  readonly checkpoint: Checkpoint | undefined;
  /** What another question is answered with; undefined where the one that was chosen was removed. */
  readonly stored: Checkpoint | undefined;
}

/** One an iteration: some have two files, with and without what training goes on from, and the same weights in both. */
export function keptOf({ checkpoints }: Pick<RunDetails, 'checkpoints'>): RunDetails['checkpoints'] {
  return checkpoints.filter(({ removed }) => !removed).filter(({ iteration }, at, kept) => kept[at + 1]?.iteration !== iteration);
}

/** @param file the chosen one's; empty: the newest. @param followed its iteration, once it was taken up: it stays in view until the next is. */
export function findLookedInto(run: Pick<RunDetails, 'checkpoints'>, file: string, followed: number | undefined): LookedInto {
  const kept = keptOf(run);
  const named = run.checkpoints.find((each) => (file === '' ? each.iteration === followed : each.file === file));
  const there = kept.find(({ iteration }) => iteration === named?.iteration);
  if (there !== undefined) return { checkpoint: there, stored: there };
  const newest = kept.at(-1);
  return file === '' ? { checkpoint: named ?? newest, stored: newest } : { checkpoint: named, stored: undefined };
}
