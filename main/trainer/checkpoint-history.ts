/** Follows connections through a run's stored checkpoints, one file in memory at a time, and each once for the same connections. */
import { readWeights, spreads, type Synapse, type WeightsOfCheckpoint } from '../../core/inspection/weight-history.ts';
import type { InspectedHistory } from '../../core/contract/api/inspector.ts';
import { readStoredArrays } from './stored-state.ts';

/** What is known of checkpoints, which never change: a run that is followed adds one at a time. */
export type KnownWeights = Map<string, WeightsOfCheckpoint>;

/**
 * @param files below `folder`, as the journal names them.
 * @throws InputError `unknown-checkpoint`, `no-matrix`, `out-of-range`; FailureError `checkpoint-damaged`.
 */
export async function readHistory(
  folder: string,
  files: readonly string[],
  synapses: readonly Synapse[],
  known: KnownWeights,
): Promise<InspectedHistory> {
  const keys = files.map((file) => JSON.stringify([file, synapses]));
  // What is not asked for any more is forgotten.
  for (const key of [...known.keys()]) if (!keys.includes(key)) known.delete(key);
  const found: WeightsOfCheckpoint[] = [];
  for (const [at, file] of files.entries()) {
    const weights = known.get(keys[at]!) ?? readWeights(await readStoredArrays(folder, file, ['w', 'alpha']), synapses);
    known.set(keys[at]!, weights);
    found.push(weights);
  }
  const spread = found.some(({ sample }) => sample.length > 0) ? spreads(found.map(({ sample }) => sample)) : undefined;
  const checkpoints = found.map(({ w, alpha }, at) => {
    const alphas = spread?.[at];
    return { w: [...w], alpha: [...alpha], spread: alphas === undefined ? null : { ...alphas, counts: [...alphas.counts] } };
  });
  return { checkpoints };
}
