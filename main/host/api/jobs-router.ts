/** Procedures about jobs. */
import type { Job } from '../../../core/contract/api/lab.ts';
import { isEnded, type JobRunner } from '../jobs/job-runner.ts';
import { createBell } from './bell.ts';
import type { ApiContext, Implementer } from './context.ts';

export function createJobsRouter(os: Implementer['jobs'], { lab: { jobs } }: ApiContext) {
  return {
    list: os.list.handler(() => jobs.list()),
    watch: os.watch.handler(({ input: { job }, signal }) => watchJob(jobs, jobs.get(job).id, signal)),
    cancel: os.cancel.handler(({ input: { job } }) => jobs.cancel(job)),
  };
}

async function* watchJob(jobs: JobRunner, id: string, signal: AbortSignal | undefined): AsyncGenerator<Job, void> {
  const bell = createBell(signal);
  const unsubscribe = jobs.onChange((changed) => {
    if (changed === id) bell.ring();
  });
  try {
    do {
      const job = jobs.get(id);
      yield job;
      if (isEnded(job)) return;
    } while (await bell.rung());
  } finally {
    unsubscribe();
  }
}
