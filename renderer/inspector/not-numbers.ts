/** What in an episode is no number: it has a colour of its own, and is counted. */
import type { OpenEpisode } from './inspection.svelte.ts';

export interface Broken {
  readonly name: string;
  readonly count: number;
}

export function findBroken({ matrices, y }: Pick<OpenEpisode, 'matrices' | 'y'>): Broken[] {
  const arrays = { w: matrices?.w, alpha: matrices?.alpha, y };
  return Object.entries(arrays)
    .map(([name, values]) => ({ name, count: values === undefined ? 0 : countNaN(values) }))
    .filter(({ count }) => count > 0);
}

function countNaN(values: Float32Array): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at]!)) count++;
  return count;
}
