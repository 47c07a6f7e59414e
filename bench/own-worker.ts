/** A process of its own for one form of ours on one backend: repeats iterations when it is asked to, and sleeps otherwise. */
import { createInterface } from 'node:readline';
import { measureProductSpeed } from '../core/backend/doctor.ts';
import { jobSchema, requestSchema, type Ready, type Request, type Sample } from './messages.ts';
import { openBackend } from './open-backend.ts';
import { createForm, type Form } from './own-forms.ts';
import type { Backend } from '../core/backend/operations.ts';

try {
  await work();
  // Native libraries may keep threads that would hold the process: leave explicitly.
  process.exit(0);
} catch (error) {
  // The last line of standard error is what the bench tells.
  process.stderr.write(`${error instanceof Error ? `${error.stack ?? ''}\n${error.message}` : String(error)}\n`);
  process.exit(1);
}

async function work(): Promise<void> {
  const job = jobSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const backend = job.form === 'reference' ? undefined : await openBackend(job);
  const form = await createForm(job, backend);
  say({ ready: true, plan: form.plan, ...(backend && { device: backend.device }) } satisfies Ready);
  for await (const line of createInterface({ input: process.stdin })) await answer(requestSchema.parse(JSON.parse(line)), form, backend);
}

async function answer(request: Request, form: Form, backend: Backend | undefined): Promise<void> {
  if (request.do === 'product') {
    say({ gigaflops: backend ? await measureProductSpeed(backend.operations) : 0 });
    return;
  }
  for (let run = 0; run < request.count; run++) say(await measureIteration(form));
}

async function measureIteration({ iterate }: Form): Promise<Sample> {
  const startedMs = performance.now();
  const iteration = await iterate();
  return { seconds: (performance.now() - startedMs) / 1e3, peakRssBytes: process.resourceUsage().maxRSS * 1024, ...iteration };
}

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
