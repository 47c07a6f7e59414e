/** Threads that share a batch of small networks. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { shareOut } from '../core/plasticity/small/shares.ts';
import type { SmallGradients } from '../core/plasticity/small/small-recurrent.ts';
import { addGradients } from '../core/training/shared-batch.ts';
import { readSmallJob, type SmallSample } from './small-job.ts';

interface ShareResult {
  readonly loss: number;
  readonly gradients: SmallGradients;
}

export interface SmallThreads {
  iterate(): Promise<SmallSample>;
  close(): Promise<void>;
}

/** @param batch is split into as many equal shares as there are threads. */
export function startSmallThreads(file: string, batch: number, threads: number): SmallThreads {
  const { weights } = readSmallJob(file);
  const shares = shareOut(batch, Math.ceil(batch / threads));
  const workers = shares.map(() => new Worker(new URL('small-worker.ts', import.meta.url), { workerData: { file } }));
  return {
    iterate: async () => {
      const startedMs = performance.now();
      const results = await Promise.all(
        shares.map(async (share, index) => {
          workers[index]!.postMessage({ share, weights });
          const [result] = (await once(workers[index]!, 'message')) as [ShareResult];
          return result;
        }),
      );
      const { matrices, numbers } = addGradients(
        results.map(({ gradients: { w, alpha, eta } }) => ({ matrices: { w, alpha }, numbers: { eta } })),
      );
      const seconds = (performance.now() - startedMs) / 1000;
      const values = [...Object.values(matrices).flatMap((matrix) => [...matrix]), ...Object.values(numbers)];
      const squares = values.reduce((sum, value) => sum + value * value, 0);
      return { seconds, loss: results.reduce((sum, { loss }) => sum + loss, 0), gradientNorm: Math.sqrt(squares) };
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
