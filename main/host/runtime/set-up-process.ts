/** The set-up script as a process of its own: it can be cancelled, and ends when the host does. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runtimePlanSchema } from '../../../core/contract/api/runtime.ts';
import { FailureError } from '../../../core/contract/errors.ts';
import type { TellingJobContext } from '../jobs/job-runner.ts';

const messageSchema = z.union([
  z.strictObject({ line: z.string() }),
  z.strictObject({ progress: z.tuple([z.string(), z.number(), z.number()]) }),
  z.strictObject({ plan: runtimePlanSchema }),
  z.strictObject({ brought: z.boolean(), plan: runtimePlanSchema }),
  z.strictObject({ error: z.strictObject({ reason: z.string(), remedy: z.string().nullable() }) }),
]);

type Message = z.infer<typeof messageSchema>;

/** What a script says last. */
export type SetUpAnswer = Exclude<Message, { line: string } | { progress: unknown } | { error: unknown }>;

export const ownSetUpScript = fileURLToPath(new URL('../../../scripts/tensorflow.mjs', import.meta.url));

/** How long a cancelled script is waited for; packages of the system may be half installed, which it does not leave so. */
const cancelPatienceMs = 5000;
const lastWordsLength = 2000;

/**
 * Runs the script until its answer.
 * @throws FailureError `set-up-failed` with reason and way out, or when it ended without an answer; the signal's reason.
 */
export function runSetUp(script: string, order: 'look' | 'bring', { signal, report, say }: TellingJobContext): Promise<SetUpAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // A process group of its own: it ends with everything that it has started, pip and compilers.
    const child = fork(script, [order], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [], detached: true, windowsHide: true });
    let lastWords = '';
    let settle = () => reject(new FailureError('set-up-failed', explainSilence(lastWords)));
    const give = () => {
      signal.removeEventListener('abort', cancel);
      settle();
    };
    const cancel = () => {
      settle = () => reject(signal.reason as Error);
      if (child.connected) child.disconnect();
      setTimeout(give, cancelPatienceMs).unref();
    };
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-lastWordsLength)));
    child.on('message', (value) => {
      const { data: message, error } = messageSchema.safeParse(value);
      if (signal.aborted) return;
      if (error !== undefined)
        settle = () => reject(new FailureError('set-up-failed', 'set-up said what makes no sense', { cause: error }));
      else if ('line' in message) say(message.line);
      else if ('progress' in message) report(...message.progress);
      else if ('error' in message) settle = () => reject(new FailureError('set-up-failed', explainProblem(message.error)));
      else settle = () => resolve(message);
    });
    child.on('error', (error) => {
      reject(new FailureError('set-up-failed', `set-up could not be started: ${error.message}`, { cause: error }));
    });
    // Its last message may come later than its exit; where the host has disconnected it, nothing comes after that.
    child.once('close', give);
    child.once('exit', () => {
      if (signal.aborted) give();
    });
    signal.addEventListener('abort', cancel, { once: true });
  });
}

/** One sentence after the other. */
function explainProblem({ reason, remedy }: { readonly reason: string; readonly remedy: string | null }): string {
  return remedy === null ? reason : `${reason}. Way out: ${remedy}`;
}

function explainSilence(lastWords: string): string {
  const said = lastWords.split('\n').find((line) => /error/i.test(line)) ?? lastWords.trim().split('\n').at(-1) ?? '';
  return `set-up ended without an answer${said === '' ? '' : ` (${said.trim()})`}`;
}
