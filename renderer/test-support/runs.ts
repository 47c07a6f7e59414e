/** Runs with as little said as a stage needs (not used by the product). */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';

export function aSpec(changes: Partial<RunSpec> = {}): RunSpec {
  return {
    version: 1,
    experiment: 'images',
    variant: 'free',
    parameters: { learningRate: 1e-4 },
    seed: 1,
    episodes: 40_000,
    batch: 1,
    backend: 'auto',
    precision: 'float32',
    ...changes,
  };
}

export function aRun(id: string, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    folder: `/lab/runs/${id}`,
    spec: aSpec(),
    name: '',
    note: '',
    group: '',
    tags: [],
    protected: false,
    status: 'finished',
    reasonCode: null,
    reason: null,
    intent: null,
    queuePlace: null,
    slot: 'cpu',
    createdAtMs: 0,
    startedAtMs: null,
    heardAtMs: null,
    endedAtMs: null,
    trashedAtMs: null,
    backend: null,
    device: null,
    dataset: null,
    iteration: 0,
    episodes: 0,
    seconds: 0,
    episodesPerSecond: null,
    loss: null,
    score: null,
    peakRssBytes: null,
    sizeBytes: 0,
    spark: [],
    ...changes,
  };
}
