/** Starts trainer processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { trainerEnvironment, trainerFlags, type ComputeSettings } from './environment.ts';
import { answerDescriptor, answerSchema, type Answer, type InspectJob, type QuestionJob, type TrainJob } from './jobs.ts';

/** How such a process is started: the file to run, and what its products are to be good for. */
export interface TrainerProgram extends ComputeSettings {
  readonly entry: string;
}

/** Starts the run's trainer. It does not depend on this process: it has its own session, and its output goes to the run's log. */
export function startTrainer(job: Omit<TrainJob, 'job'>, paths: RunPaths, { entry, ...settings }: TrainerProgram): ChildProcess {
  const output = openSync(paths.log, 'a');
  try {
    const argument = JSON.stringify({ job: 'train', ...job } satisfies TrainJob);
    return spawn(process.execPath, [...trainerFlags, entry, argument], {
      detached: true,
      stdio: ['ignore', output, output],
      env: trainerEnvironment(settings),
    });
  } finally {
    closeSync(output);
  }
}

/**
 * Starts a process that answers one question, and waits for the answer; `signal` ends it.
 * @throws the error that it met; FailureError `trainer-died` with the end of its output when it ended without an answer.
 */
export async function askTrainer(job: QuestionJob, { entry, ...settings }: TrainerProgram, signal?: AbortSignal): Promise<Answer> {
  const child = spawn(process.execPath, [...trainerFlags, entry, JSON.stringify(job)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: trainerEnvironment(settings),
    ...(signal === undefined ? {} : { signal }),
  });
  const [errors, text, ending] = await Promise.all([
    readAll(child.stdio[2]),
    readAll(child.stdio[answerDescriptor]),
    new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    }),
  ]);
  const parsed = answerSchema.safeParse(text === '' ? undefined : JSON.parse(text));
  if (!parsed.success)
    throw new FailureError('trainer-died', `the process ended without an answer (${ending}): ${errors.trim().slice(-500)}`);
  const answer = parsed.data;
  if (!('error' in answer)) return answer;
  const { kind, code, message } = answer.error;
  throw kind === 'input' ? new InputError(code, message) : new FailureError(code, message);
}

/** Starts a process that looks inside a run; it answers messages (inspect-jobs.ts) and ends when this process disconnects. */
export function startInspection(job: Omit<InspectJob, 'job'>, { entry, ...settings }: TrainerProgram): ChildProcess {
  return spawn(process.execPath, [...trainerFlags, entry, JSON.stringify({ job: 'inspect', ...job } satisfies InspectJob)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // As JSON, NaN would come as null.
    serialization: 'advanced',
    env: trainerEnvironment(settings),
    windowsHide: true,
  });
}

async function readAll(stream: unknown): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
