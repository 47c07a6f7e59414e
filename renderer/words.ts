/** The page's words: labels and sentences that more than one screen says. */
import type { RunSummary } from '../core/contract/api/runs.ts';
import type { DataKind } from '../core/contract/dataset-description.ts';

export const screens = { runs: 'Runs', compare: 'Compare', datasets: 'Data sets', queue: 'Queue', system: 'System' } as const;
export type ScreenName = keyof typeof screens;

/** What a data set is to an experiment. */
export const datasetMeanings = {
  images: 'Where the images come from.',
  characters: 'Where the characters come from.',
  generated: '',
} as const satisfies Record<DataKind, string>;

/** What a run is doing, in a word. */
export function describeStatus({ status, intent, queuePlace }: Pick<RunSummary, 'status' | 'intent' | 'queuePlace'>): string {
  if (status === 'running' && intent !== null) return intent === 'pause' ? 'pausing' : 'stopping';
  return status === 'queued' && queuePlace !== null ? `queued ${queuePlace}` : status;
}

/** How people call a run that has no name. */
export function titleOf({ name, spec }: Pick<RunSummary, 'name' | 'spec'>): string {
  return name === '' ? `${spec.experiment} · ${spec.variant} · seed ${spec.seed}` : name;
}
