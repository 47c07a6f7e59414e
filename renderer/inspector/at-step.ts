/** What an episode shows at a step. */
import { rightFactors } from '../../core/inspection/trace-factors.ts';
import { findBlocks } from './blocks.ts';
import type { OpenEpisode } from './inspection.svelte.ts';
import { findLimit } from './limits.ts';
import { panels, type PanelName } from './panels.ts';

export type Limits = Readonly<Record<PanelName, number>>;

/** Blocks at whose ends the trace is looked at for limits that hold over the whole episode. */
const looked = 8;

/** G(t); undefined where there is no trace. @param step beyond the episode's end counts as its last. */
export function rightOf({ factors, steps }: OpenEpisode, step: number): Float64Array | undefined {
  return factors === undefined ? undefined : rightFactors(factors, Math.min(step, steps));
}

export function limitsAt(episode: OpenEpisode, rights: readonly (Float64Array | undefined)[]): Limits {
  const { matrices, factors } = episode;
  const limit = (name: PanelName) => (matrices === undefined ? 1 : findLimit(name, matrices, factors, rights));
  return Object.fromEntries(panels.map(({ name }) => [name, limit(name)])) as Record<PanelName, number>;
}

export function lockedLimits(episode: OpenEpisode): Limits {
  const ends = findBlocks(episode.labels)
    .slice(-looked)
    .map(({ last }) => last);
  return limitsAt(episode, episode.factors === undefined ? [undefined] : ends.map((step) => rightOf(episode, step)));
}
