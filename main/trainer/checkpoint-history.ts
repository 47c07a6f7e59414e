/** Follows connections through a run's stored checkpoints, one file in memory at a time. */
import { readWeights, spreads, type Synapse } from '../../core/inspection/weight-history.ts';
import type { InspectedHistory } from '../../core/contract/api/inspector.ts';
import { readStoredArrays } from './stored-state.ts';

/**
 * @param files below `folder`, as the journal names them.
 * @throws InputError `unknown-checkpoint`, `no-matrix`, `out-of-range`; FailureError `checkpoint-damaged`.
 */
export async function readHistory(folder: string, files: readonly string[], synapses: readonly Synapse[]): Promise<InspectedHistory> {
  const found = [];
  for (const file of files) found.push(readWeights(await readStoredArrays(folder, file), synapses));
  const spread = found.some(({ sample }) => sample.length > 0) ? spreads(found.map(({ sample }) => sample)) : undefined;
  const checkpoints = found.map(({ w, alpha }, at) => {
    const alphas = spread?.[at];
    return { w: [...w], alpha: [...alpha], spread: alphas === undefined ? null : { ...alphas, counts: [...alphas.counts] } };
  });
  return { checkpoints };
}
