/** One held-out episode of few examples as arrays for export: all that another program needs to run it again and compare. */
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import type { LayerEpisode, LayerTrajectory } from '../networks/plastic-classifier-layer.ts';
import type { FewShotBatch } from '../tasks/few-shot.ts';

/**
 * `images` [S + 1, side, side] (0 ink, 1 paper; the last is the question), `labels` [S] and `target` [1] (int32), `features` [S + 1, F], `y` [S + 1, N],
 * `hebb` [F, N] as the question meets it, `loss` [1]; else float32.
 */
export function fewShotArrays(
  batch: FewShotBatch,
  { features, labels, target }: LayerEpisode,
  { hebb, y, loss }: LayerTrajectory,
): NamedArrays {
  const { side, ways, presentations } = batch;
  const images = presentations + 1;
  const width = features.length / images;
  const array = (values: ArrayLike<number>, ...shape: number[]): NamedArray => ({ dtype: 'F32', shape, data: Float32Array.from(values) });
  const integers = (values: ArrayLike<number>): NamedArray => ({ dtype: 'I32', shape: [values.length], data: Int32Array.from(values) });
  return {
    images: array(batch.images, images, side, side),
    labels: integers(labels),
    target: integers([target]),
    features: array(features, images, width),
    y: array(y, images, ways),
    hebb: array(hebb.subarray(presentations * width * ways), width, ways),
    loss: array([loss], 1),
  };
}
