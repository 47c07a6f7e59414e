/** What an episode shows at a step. */
import { rightFactors, type TraceFactors } from '../../core/inspection/trace-factors.ts';
import { findBlocks } from './blocks.ts';
import type { OpenEpisode } from './inspection.svelte.ts';
import { findLimit, findReach, shownValue, type ShownMatrices } from './limits.ts';
import { panels, type PanelName } from './panels.ts';

export type Limits = Readonly<Record<PanelName, number>>;

/** Blocks at whose ends the trace is looked at for limits that hold over the whole episode. */
const looked = 4;

const latest = new WeakMap<TraceFactors, { readonly step: number; readonly right: Float64Array }>();

/** G(t), once for all views of a step; undefined where there is no trace. @param step beyond the episode's end counts as its last. */
export function rightOf({ factors, steps }: OpenEpisode, step: number): Float64Array | undefined {
  if (factors === undefined) return undefined;
  const at = Math.min(step, steps);
  const known = latest.get(factors);
  if (known?.step === at) return known.right;
  const right = rightFactors(factors, at);
  latest.set(factors, { step: at, right });
  return right;
}

export function limitsAt(episode: OpenEpisode, rights: readonly (Float64Array | undefined)[]): Limits {
  const { matrices, factors } = episode;
  const limit = (name: PanelName) => (matrices === undefined ? 1 : findLimit(name, matrices, factors, rights));
  return Object.fromEntries(panels.map(({ name }) => [name, limit(name)])) as Record<PanelName, number>;
}

export function lockedLimits(episode: OpenEpisode): Limits {
  return limitsAt(episode, episode.factors === undefined ? [undefined] : endsOf(episode).map((step) => rightOf(episode, step)));
}

function endsOf({ labels }: OpenEpisode): number[] {
  return findBlocks(labels)
    .slice(-looked)
    .map(({ last }) => last);
}

/** Undefined where it has no matrices. */
export function matricesAt(episode: OpenEpisode, step: number): ShownMatrices | undefined {
  const { matrices, factors } = episode;
  return matrices === undefined ? undefined : { weights: matrices, factors, right: rightOf(episode, step) };
}

/** How far the differences of two networks reach: at a step, or over the whole episode. */
export function differenceLimits(there: OpenEpisode, here: OpenEpisode, step: number | undefined): Limits {
  const steps = step === undefined ? endsOf(here) : [step];
  const pairs = steps.map((each) => [matricesAt(there, each)!, matricesAt(here, each)!] as const);
  const limit = (name: PanelName) =>
    findReach(
      pairs[0]![0].weights.neurons,
      pairs.map(
        ([a, b]) =>
          (place) =>
            shownValue(name, a, place) - shownValue(name, b, place),
      ),
    );
  return Object.fromEntries(panels.map(({ name }) => [name, limit(name)])) as Record<PanelName, number>;
}
