/** Whether two networks were given the same episode, so that what differs is their doing. */
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { isSame } from './same-values.ts';

interface Episode {
  readonly arrays: NamedArrays;
  readonly steps: number;
}

const asked = ['target', 'given', 'input', 'images'];
/** What an agent sees follows from what it does; its world does not. */
const worlds = ['goal', 'walls', 'cues', 'target'];

/** Of an agent: one that acts. */
export function isAgentEpisode({ arrays }: Pick<Episode, 'arrays'>): boolean {
  return arrays['actions'] !== undefined;
}

export function isSameEpisode(here: Episode, there: Episode): boolean {
  const isSameKind = isAgentEpisode(here) === isAgentEpisode(there);
  const names = isAgentEpisode(here) ? worlds : asked;
  return isSameKind && here.steps === there.steps && names.every((name) => isSame(here.arrays[name]?.data, there.arrays[name]?.data));
}
