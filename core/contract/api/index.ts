/** Everything that a front end can ask of the lab host. */
import { datasetsContract, hostContract, jobsContract, queueContract, transferContract, viewsContract } from './lab.ts';
import { inspectorContract } from './inspector.ts';
import { experimentsContract } from './experiments.ts';
import { metricsContract } from './metrics.ts';
import { runsContract } from './runs.ts';
import { runtimeContract } from './runtime.ts';

export const contractVersion = 1;

export const labContract = {
  host: hostContract,
  runs: runsContract,
  queue: queueContract,
  experiments: experimentsContract,
  metrics: metricsContract,
  inspector: inspectorContract,
  datasets: datasetsContract,
  jobs: jobsContract,
  transfer: transferContract,
  views: viewsContract,
  runtime: runtimeContract,
};
