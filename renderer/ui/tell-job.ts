/** A job of the host as words at the edge of the page, with its progress and a way to cancel it. */
import { toast } from 'svelte-sonner';
import type { Job } from '../../core/contract/api/lab.ts';
import { cancelJob, followJob, isActive, phaseOf, shareOf } from '../jobs.ts';
import { attempt, tellError } from './tell.ts';

interface Outcome {
  readonly message: string;
  readonly action?: { readonly label: string; readonly act: () => void };
}

/** Until it has ended; `describe` says what came of it. What it met stays until somebody closes it. */
export async function tellJob(id: string, title: string, describe: (job: Job) => Outcome): Promise<void> {
  const show = (job: Job) => {
    if (!isActive(job)) return;
    const share = shareOf(job);
    const description = share === null ? phaseOf(job) : `${phaseOf(job)}, ${Math.floor(100 * share)} %`;
    const cancel = { label: 'Cancel', onClick: () => void attempt(() => cancelJob(id)) };
    toast.loading(title, { id, description, duration: Infinity, action: cancel });
  };
  try {
    const job = await followJob(id, show);
    toast.dismiss(id);
    if (job?.state === 'failed') tellError(new Error(job.error?.message ?? 'nobody knows why'), `${title}: not done`);
    if (job?.state === 'cancelled') toast(`${title}: cancelled`);
    if (job?.state === 'done') tellOutcome(describe(job));
  } catch (error) {
    toast.dismiss(id);
    tellError(error, title);
  }
}

function tellOutcome({ message, action }: Outcome): void {
  if (action === undefined) toast.success(message);
  else toast.success(message, { action: { label: action.label, onClick: action.act }, duration: 8000 });
}
