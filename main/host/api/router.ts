/** All procedures of the contract. */
import { createImplementer, type ApiContext } from './context.ts';
import { createDatasetsRouter } from './datasets-router.ts';
import { createExperimentsRouter } from './experiments-router.ts';
import { createHostRouter } from './host-router.ts';
import { createInspectorRouter } from './inspector-router.ts';
import { createJobsRouter } from './jobs-router.ts';
import { createMetricsRouter } from './metrics-router.ts';
import { createQueueRouter } from './queue-router.ts';
import { createRunsRouter } from './runs-router.ts';
import { createRuntimeRouter } from './runtime-router.ts';
import { createTransferRouter } from './transfer-router.ts';
import { createViewsRouter } from './views-router.ts';

/** @param checkOutputs whether answers are checked against the contract, too. */
export function createRouter(context: ApiContext, checkOutputs: boolean) {
  const os = createImplementer(checkOutputs);
  return os.router({
    host: createHostRouter(os.host, context),
    runs: createRunsRouter(os.runs, context),
    queue: createQueueRouter(os.queue, context),
    experiments: createExperimentsRouter(os.experiments, context),
    metrics: createMetricsRouter(os.metrics, context),
    inspector: createInspectorRouter(os.inspector, context),
    datasets: createDatasetsRouter(os.datasets, context),
    jobs: createJobsRouter(os.jobs, context),
    transfer: createTransferRouter(os.transfer, context),
    views: createViewsRouter(os.views, context),
    runtime: createRuntimeRouter(os.runtime, context),
  });
}
