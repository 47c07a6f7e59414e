/** Where a process begins that does one task for the host. */
import { setPriority } from 'node:os';
import { toExpectedError } from '../../../core/contract/api/expected-error.ts';
import { EngramError, FailureError } from '../../../core/contract/errors.ts';
import type { JobContext } from './job-runner.ts';
import { taskOrderSchema, type TaskMessage, type TaskOrder } from './task-messages.ts';
import { tasks } from './tasks.ts';

const controller = new AbortController();
/** Progress that comes faster than anyone can look is left out. */
const reportEveryMs = 100;

process.umask(0o077);
// Trainers and the host go first.
setPriority(10);
// The host has cancelled the task, or is gone.
process.once('disconnect', () => controller.abort());
process.once('message', (message) => void main(message));

async function main(message: unknown): Promise<void> {
  try {
    const order = taskOrderSchema.parse(message);
    await tell({ result: await perform(order, { signal: controller.signal, report: createReport() }) });
  } catch (error) {
    if (controller.signal.aborted) process.exit(0);
    await tell({ error: toExpectedError(explain(error)) });
  }
  process.exit(0);
}

function perform({ name, input }: TaskOrder, context: JobContext): Promise<unknown> {
  // The compiler cannot see that a name and the input beside it belong together.
  const task = tasks[name] as (input: TaskOrder['input'], context: JobContext) => Promise<unknown>;
  return task(input, context);
}

function createReport(): JobContext['report'] {
  let [toldAtMs, toldPhase] = [-Infinity, ''];
  return (phase, done, total) => {
    const nowMs = performance.now();
    if (phase === toldPhase && nowMs - toldAtMs < reportEveryMs && done < total) return;
    [toldAtMs, toldPhase] = [nowMs, phase];
    void tell({ progress: [phase, done, total] });
  };
}

function tell(message: TaskMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) resolve();
    else process.send!(message, undefined, {}, () => resolve());
  });
}

function explain(error: unknown): EngramError {
  if (error instanceof EngramError) return error;
  console.error(error);
  return new FailureError('job-failed', error instanceof Error ? error.message : String(error), { cause: error });
}
