/** Threads that share the batches of an agent's training with the trainer's own. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { BatchJob, Helper, Helpers, SharePart } from '../../core/training/shared-batch.ts';

/** As many as the machine has cores. */
export function agentThreads(spec: RunSpec, threads = availableParallelism()): Helpers {
  return { threads, start: () => startHelper(spec) };
}

function startHelper(spec: RunSpec): Helper {
  const worker = new Worker(new URL('./agent-thread.ts', import.meta.url), { workerData: spec });
  // A trainer that is done does not wait for it.
  worker.unref();
  let failure: Error | undefined;
  let waiting: PromiseWithResolvers<readonly SharePart[]> | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    waiting?.reject(failure);
  };
  worker.on('message', (parts: readonly SharePart[]) => waiting?.resolve(parts));
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`a thread of the training has ended with code ${code}`)));
  return {
    work: async (job: BatchJob) => {
      if (failure !== undefined) throw failure;
      waiting = Promise.withResolvers();
      worker.ref();
      worker.postMessage(job);
      try {
        return await waiting.promise;
      } finally {
        worker.unref();
      }
    },
    stop: () => void worker.terminate(),
  };
}
