/** A trainer process: one job in, then the journal or an answer. */
import { writeSync } from 'node:fs';
import { EngramError } from '../../core/contract/errors.ts';
import { exitCodeFor, exitCodes } from '../../core/contract/exit-codes.ts';
import { explainOwnCode } from '../extensions/import-extension.ts';
import { answerQuestion } from './answer-question.ts';
import { serveInspection } from './inspect.ts';
import type { BuildTraining } from './build-training.ts';
import { answerDescriptor, jobSchema, trainerExitCodes, type QuestionJob } from './jobs.ts';
import { trainRun } from './train-run.ts';

/** Does the job in `argument` (JSON). Returns the exit code. */
export async function runTrainer(argument: string | undefined, build: BuildTraining): Promise<number> {
  const job = jobSchema.parse(JSON.parse(argument ?? ''));
  if (job.job === 'inspect') {
    process.umask(0o077);
    await serveInspection(job.folder, job.to, build);
    return exitCodes.success;
  }
  if (job.job !== 'train') return await answer(job, build);
  // Run folders are their owner's; files that somebody asked for elsewhere follow the usual rules.
  process.umask(0o077);
  try {
    return await trainRun(job, build);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    if (!(error instanceof EngramError)) return exitCodes.failure;
    if (error.code === 'run-busy') return trainerExitCodes.busy;
    return error.code === 'disk-full' ? trainerExitCodes.diskFull : exitCodeFor(error);
  }
}

async function answer(job: QuestionJob, build: BuildTraining): Promise<number> {
  try {
    send(await answerQuestion(job, build));
    return exitCodes.success;
  } catch (met) {
    const error = explainOwnCode(met);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    const { kind, code } = error instanceof EngramError ? error : { kind: 'failure', code: 'unexpected' };
    send({ error: { kind, code, message: error instanceof Error ? error.message : String(error) } });
    return exitCodeFor(error);
  }
}

function send(value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value));
  for (let written = 0; written < bytes.length;) written += writeSync(answerDescriptor, bytes, written);
}
