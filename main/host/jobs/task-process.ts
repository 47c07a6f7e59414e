/** Heavy work in a process of its own: the host goes on answering, and survives what the work may meet. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { toEngramError } from '../../../core/contract/api/expected-error.ts';
import { FailureError } from '../../../core/contract/errors.ts';
import type { JobContext } from './job-runner.ts';
import { taskMessageSchema, type TaskInputs, type TaskName, type TaskOrder } from './task-messages.ts';

const taskEntry = fileURLToPath(new URL('task-entry.ts', import.meta.url));
/** How long cancelled work may take to clear up before it is ended. */
const cancelPatienceMs = 5000;

/**
 * Does the task and checks its result by `schema`.
 * @throws the error that it met; FailureError `job-died` when its process ended without a word.
 */
export function runTask<Name extends TaskName, Result>(
  name: Name,
  input: TaskInputs[Name],
  schema: z.ZodType<Result>,
  { signal, report }: JobContext,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = fork(taskEntry, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], windowsHide: true });
    const cancel = () => {
      if (child.connected) child.disconnect();
      setTimeout(() => child.kill('SIGKILL'), cancelPatienceMs).unref();
    };
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', cancel);
      settle();
    };
    const settleWith = ({ data, error }: z.ZodSafeParseResult<Result>) => {
      if (error === undefined) resolve(data);
      else reject(new FailureError('job-died', `the job "${name}" answered what makes no sense`, { cause: error }));
    };
    let settle = () => reject(new FailureError('job-died', `the process of the job "${name}" ended without an answer`));
    child.on('message', (value) => {
      const message = taskMessageSchema.parse(value);
      if ('progress' in message) report(...message.progress);
      else if ('error' in message) settle = () => reject(toEngramError(message.error));
      else settle = () => settleWith(schema.safeParse(message.result));
    });
    // Also more than once: an error that nobody hears ends the host.
    child.on('error', (error) =>
      end(() => reject(new FailureError('job-died', `the job "${name}" met an error: ${error.message}`, { cause: error }))),
    );
    child.once('exit', () => end(settle));
    signal.addEventListener('abort', cancel, { once: true });
    const order = { name, input } as TaskOrder;
    child.send(order);
  });
}
