/** A thread of its own for shares of a batch of small networks: the weights come with every share, as in training, and gradients go back. */
import { parentPort, workerData } from 'node:worker_threads';
import { createFusedRecurrent } from '../core/plasticity/small/fused.ts';
import type { Share } from '../core/plasticity/small/shares.ts';
import type { SmallWeights } from '../core/plasticity/small/small-recurrent.ts';
import { readSmallJob, smallOptions } from './small-job.ts';

const { neurons: n, steps } = smallOptions;
const { file } = workerData as { readonly file: string };
const job = readSmallJob(file);
const recurrent = createFusedRecurrent(smallOptions);

parentPort!.on('message', ({ share, weights }: { readonly share: Share; readonly weights: SmallWeights }) => {
  recurrent.setWeights(weights);
  let loss = 0;
  for (let episode = share.from; episode < share.to; episode++) loss += runEpisode(job.drives(episode), job.dy(episode));
  parentPort!.postMessage({ loss, gradients: recurrent.gradients() });
});

function runEpisode(drives: Float32Array, dys: Float32Array): number {
  const at = (vectors: Float32Array, t: number) => vectors.subarray(t * n, (t + 1) * n);
  let loss = 0;
  recurrent.begin();
  for (let t = 0; t < steps; t++) {
    const y = recurrent.step(at(drives, t));
    const dy = at(dys, t);
    for (let j = 0; j < n; j++) loss += y[j]! * dy[j]!;
  }
  for (let t = steps - 1; t >= 0; t--) recurrent.stepBack(at(dys, t));
  return loss;
}
