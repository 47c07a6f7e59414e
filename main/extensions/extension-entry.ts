/** Where a process begins that runs the user's code to say what it is, or what a run with it would take. */
import { writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { toExpectedError } from '../../core/contract/api/expected-error.ts';
import { EngramError, FailureError } from '../../core/contract/errors.ts';
import { describeExtension } from '../../core/extensions/describe.ts';
import type { AnyExtension } from '../../core/extensions/extension.ts';
import { readExtensionCode } from './extension-files.ts';
import { answerDescriptor, extensionJobSchema, type ExtensionAnswer, type ExtensionJob } from './extension-jobs.ts';
import { explainExtensionError, explainOwnCode, importExtension } from './import-extension.ts';
import { loadExtensions } from './load-extensions.ts';

// Trainers and the host go first.
setPriority(10);
const answer = await perform(extensionJobSchema.parse(JSON.parse(process.argv[2] ?? ''))).catch((error: unknown) => ({
  error: toExpectedError(explain(error)),
}));
const bytes = Buffer.from(JSON.stringify(answer));
for (let written = 0; written < bytes.length;) written += writeSync(answerDescriptor, bytes, written);
process.exit(0);

async function perform(job: ExtensionJob): Promise<ExtensionAnswer> {
  if (job.job === 'describe') return { extension: await describe(job.folder, job.file) };
  const loaded = await loadExtensions(job.folder, job.spec);
  const { estimateExtended, explainExtended } = await import('../../core/extensions/outlook.ts');
  return { result: job.job === 'estimate' ? await estimateExtended(job.spec, loaded) : await explainExtended(job.spec, loaded) };
}

async function describe(folder: string, file: string) {
  const code = readExtensionCode(folder, file);
  const exported = await importExtension(code);
  try {
    const extension = describeExtension(exported, code);
    const { tryExtension } = await import('../../core/extensions/try-extension.ts');
    await tryExtension(exported as AnyExtension, extension);
    return extension;
  } catch (error) {
    throw explainExtensionError(code, error);
  }
}

function explain(met: unknown): EngramError {
  const error = explainOwnCode(met);
  if (error instanceof EngramError) return error;
  return new FailureError('extension-failed', error instanceof Error ? error.message : String(error), { cause: error });
}
