/** Shows a job of the host until it has ended; Ctrl-C cancels it. */
import { toEngramError } from '../../core/contract/api/expected-error.ts';
import type { Job } from '../../core/contract/api/lab.ts';
import { FailureError } from '../../core/contract/errors.ts';
import type { Context } from './context.ts';
import { formatCount } from './format.ts';
import { createInterruptedError, listenForInterrupts } from './interrupts.ts';

/**
 * Resolves with the job's result.
 * @throws the error that it met; FailureError `interrupted` when it was cancelled.
 */
export async function waitForJob(context: Context, id: string): Promise<readonly string[]> {
  const { output } = context;
  const { api } = await context.connect();
  const leave = new AbortController();
  const interrupts = listenForInterrupts(output, (count) => {
    if (count > 1) leave.abort();
    // It may have ended by itself just now: its last state says so.
    else api.jobs.cancel({ job: id }).catch(() => {});
  });
  let last: Job | undefined;
  try {
    for await (const job of await api.jobs.watch({ job: id }, { signal: leave.signal })) {
      last = job;
      output.live(describeJob(job));
    }
  } catch (error) {
    throw leave.signal.aborted ? createInterruptedError(`left "${last?.title ?? 'the job'}" without waiting for its end`) : error;
  } finally {
    interrupts.stop();
    output.endLive();
  }
  if (last?.state === 'done') return last.result;
  if (last?.state === 'cancelled') throw createInterruptedError(`the ${last.title} was cancelled`);
  throw last === undefined || last.error === null
    ? new FailureError('job-died', 'the job ended without an answer')
    : toEngramError(last.error);
}

function describeJob({ title, state, phase, done, total }: Job): string {
  if (state === 'waiting') return `${title}: waiting for another job`;
  const share = total > 0 ? ` ${Math.floor((100 * done) / total)} % (${formatCount(done)} of ${formatCount(total)})` : '';
  return `${title}: ${state === 'working' ? `${phase}${share}` : state}`;
}
