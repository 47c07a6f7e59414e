/** Where what a network is shown comes from, as the host is asked for it: what is not chosen is left out. */
import type { OwnEpisode } from '../../core/contract/own-episode.ts';

export interface Shown {
  /** A data set's name; empty: the run's own. */
  readonly dataset: string;
  /** A file in place of the checkpoint's weights; empty: none. */
  readonly weights?: string;
  /** In place of held-out episodes. */
  readonly ownEpisode: OwnEpisode | undefined;
}

export function shownFrom({ dataset, weights = '', ownEpisode }: Shown): { dataset?: string; weights?: string; ownEpisode?: OwnEpisode } {
  return {
    ...(dataset === '' ? {} : { dataset }),
    ...(weights === '' ? {} : { weights }),
    ...(ownEpisode === undefined ? {} : { ownEpisode }),
  };
}
