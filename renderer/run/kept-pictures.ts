/** The pictures of a run as a page shows them: those on its way, and the one that it ended with. */
import type { RunDetails } from '../../core/contract/api/runs.ts';

export interface ShownPicture {
  readonly iteration: number;
  readonly episodes: number;
  readonly score: number;
  readonly source: string;
}

/** A picture of the same name may be another one after a run went back: the time tells them apart. */
export function shownPictures({ id, pictures }: Pick<RunDetails, 'id' | 'pictures'>): ShownPicture[] {
  return pictures.map(({ iteration, episodes, score, file, drawnAtMs }) => ({
    iteration,
    episodes,
    score,
    source: `lab://lab/runs/${encodeURIComponent(id)}/${file}?at=${drawnAtMs}`,
  }));
}
