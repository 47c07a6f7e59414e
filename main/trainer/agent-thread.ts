/** A thread that takes shares of an agent's batches. */
import { parentPort, workerData } from 'node:worker_threads';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { HostValues } from '../../core/networks/host-learned.ts';
import { createAgentEpisodes } from '../../core/training/agent-episodes.ts';
import { agentSetupOf } from '../../core/training/agent-setup.ts';
import { takeShares, type BatchJob } from '../../core/training/shared-batch.ts';

let values: HostValues = { matrices: {}, numbers: {} };
const setup = agentSetupOf(workerData as RunSpec);
if (setup === undefined) throw new TypeError('this experiment has no agent');
const episodes = createAgentEpisodes(setup, { matrix: (name) => values.matrices[name]!, number: (name) => values.numbers[name]! });

parentPort!.on('message', (job: BatchJob) => {
  ({ values } = job);
  parentPort!.postMessage(takeShares(episodes, job));
});
