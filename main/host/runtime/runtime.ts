/** Brings the TensorFlow runtime that fits this machine, one attempt at a time, and remembers how the last one went. */
import type { Job } from '../../../core/contract/api/lab.ts';
import type { RuntimeAttempt, RuntimePlan } from '../../../core/contract/api/runtime.ts';
import { FailureError } from '../../../core/contract/errors.ts';
import type { Backends } from '../experiments/examine-backends.ts';
import type { HostLog } from '../host-log.ts';
import { isEnded, type JobRunner, type TellingJobContext } from '../jobs/job-runner.ts';
import { createLastAttempt } from './last-attempt.ts';
import { ownSetUpScript, runSetUp } from './set-up-process.ts';

export interface RuntimeOptions {
  readonly dataFolder: string;
  /** The program that looks and brings; Engram's own without. */
  readonly setUpScript?: string;
  readonly jobs: JobRunner;
  /** They are examined anew after something was brought. */
  readonly backends: Backends;
  readonly log: HostLog;
}

export interface Runtime {
  /** @throws FailureError `set-up-failed`. */
  look(): Promise<{ plan: RuntimePlan; last: RuntimeAttempt | null; job: Job | null }>;
  /** The job that begins, or the one that is going on. */
  bring(): Job;
}

const kind = 'install-runtime';

export function createRuntime({ dataFolder, setUpScript = ownSetUpScript, jobs, backends, log }: RuntimeOptions): Runtime {
  const attempts = createLastAttempt(dataFolder);
  const current = () => jobs.list().find((job) => job.kind === kind && !isEnded(job)) ?? null;

  const bring = async (context: TellingJobContext) => {
    const answer = await runSetUp(setUpScript, 'bring', context);
    if (!('brought' in answer)) throw new FailureError('set-up-failed', 'set-up did not say what it brought');
    const message = describe(answer.brought, answer.plan);
    context.say(message);
    if (answer.brought) {
      context.report('Examining the backends', 0, 0);
      await backends.examine();
    }
    return [message];
  };

  const attempt = async (context: TellingJobContext) => {
    const startedAtMs = Date.now();
    const lines: string[] = [];
    const keep = async (state: RuntimeAttempt['state'], message: string) => {
      const endedAtMs = state === 'working' ? null : Date.now();
      // A disk that is full must not hide what came of it.
      await attempts.write({ state, startedAtMs, endedAtMs, message, lines }).catch((error: unknown) => log.error('set-up', error));
    };
    const say = (line: string) => {
      lines.push(line);
      context.say(line);
    };
    await keep('working', '');
    try {
      const [message = ''] = await bring({ ...context, say });
      await keep('done', message);
      return [message];
    } catch (error) {
      if (context.signal.aborted) await keep('cancelled', 'what has arrived is kept, and the next attempt goes on from there');
      else await keep('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  return {
    look: async () => {
      const quiet = { signal: new AbortController().signal, report: () => {}, say: () => {} };
      const { plan } = await runSetUp(setUpScript, 'look', quiet);
      const job = current();
      const last = attempts.read();
      const isOrphan = last?.state === 'working' && job === null;
      return { plan, job, last: isOrphan ? { ...last, state: 'interrupted', message: 'the lab’s host ended before it was done' } : last };
    },
    bring: () => current() ?? jobs.start(kind, 'installation of the TensorFlow runtime', attempt),
  };
}

function describe(brought: boolean, { installed, gpuProblem }: RuntimePlan): string {
  const what = installed === null ? 'TensorFlow' : `TensorFlow ${installed.version} for the ${installed.variant.toUpperCase()}`;
  const why = gpuProblem === null ? '' : `. Not for the GPU: ${gpuProblem}`;
  return `${what} is ${brought ? 'installed, and could be loaded' : 'in place already'}${why}`;
}
