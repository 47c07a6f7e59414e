/** How far a run has come, and how long it still takes. */
import type { RunSummary } from '../core/contract/api/runs.ts';

/** From 0 to 1. */
export function shareOf({ episodes, spec }: Pick<RunSummary, 'episodes' | 'spec'>): number {
  return spec.episodes === 0 ? 0 : Math.min(1, episodes / spec.episodes);
}

/** Undefined while its speed is not known. */
export function secondsLeft({ episodes, spec, episodesPerSecond }: RunSummary): number | undefined {
  if (episodesPerSecond === null || episodesPerSecond <= 0) return undefined;
  return (spec.episodes - episodes) / episodesPerSecond;
}
