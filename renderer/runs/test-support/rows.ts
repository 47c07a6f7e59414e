/** Rows with as little said as a test needs (not used by the product). */
import type { RunRecipe } from '../../../core/contract/api/run-table.ts';
import type { TableRow } from '../row.ts';

export function aRecipe(changes: Partial<RunRecipe> = {}): RunRecipe {
  return {
    version: 1,
    experiment: 'images',
    variant: 'free',
    parameters: { learningRate: 1e-4, rule: 'hebb' },
    episodes: 40_000,
    batch: 1,
    backend: 'auto',
    precision: 'float32',
    ...changes,
  };
}

const usualRecipe = aRecipe();

export function aRow(id: string, changes: Partial<TableRow> = {}): TableRow {
  return {
    id,
    recipe: usualRecipe,
    seed: 1,
    name: '',
    note: '',
    group: '',
    tags: [],
    protected: false,
    status: 'finished',
    reason: null,
    intent: null,
    queuePlace: null,
    createdAtMs: 0,
    startedAtMs: null,
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
    sizeBytes: 0,
    spark: '',
    ...changes,
  };
}
