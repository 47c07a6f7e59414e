/** A worker thread of the host that plans an episode and says what it costs; the host's own thread never loads numerics. */
import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { estimateEpisode } from '../../../core/training/estimate.ts';

parentPort!.postMessage(estimateEpisode(workerData as RunSpec, availableParallelism()));
