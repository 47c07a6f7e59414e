/** Runs the user's code in a process of its own: what it does there, it does to nobody else. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toEngramError } from '../../core/contract/api/expected-error.ts';
import { FailureError } from '../../core/contract/errors.ts';
import { answerDescriptor, extensionAnswerSchema, type ExtensionAnswer, type ExtensionJob } from './extension-jobs.ts';

const entry = fileURLToPath(new URL('extension-entry.ts', import.meta.url));
/** Starting takes a fifth of a second, on a busy machine several times that. */
const patienceMs = 20_000;

/**
 * @throws the error that it met; FailureError `extension-died` when its process ended without a word, or took too long.
 */
export async function askExtension(job: ExtensionJob): Promise<Exclude<ExtensionAnswer, { error: unknown }>> {
  const begunMs = performance.now();
  const child = spawn(process.execPath, [entry, JSON.stringify(job)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const [errors, text, ending] = await Promise.all([
    readAll(child.stdio[2]),
    readAll(child.stdio[answerDescriptor]),
    new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    }),
  ]);
  const { data } = extensionAnswerSchema.safeParse(parse(text));
  if (data !== undefined && !('error' in data)) return data;
  if (data !== undefined) throw toEngramError(data.error);
  const subject = job.job === 'describe' ? job.file : (job.spec.extensions ?? []).map(({ name }) => name).join(', ');
  const isLate = ending === 'SIGKILL' && performance.now() - begunMs >= patienceMs;
  const what = isLate ? `gave no answer within ${patienceMs / 1000} seconds` : `ended its process without an answer (${ending})`;
  const last = errors.trim().slice(-300);
  throw new FailureError('extension-died', `${subject} ${what}${last === '' ? '' : `: ${last}`}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readAll(stream: unknown): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
