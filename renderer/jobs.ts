/** Long work of the host, as pages follow it. */
import type { Job } from '../core/contract/api/lab.ts';
import { follow, host } from './host.svelte.ts';

const phases: Readonly<Record<string, string>> = {
  reading: 'Reading and checking',
  copying: 'Copying',
  thumbnails: 'Drawing samples',
  packing: 'Packing',
  unpacking: 'Unpacking',
  writing: 'Writing',
  evaluating: 'Evaluating',
};

export function isActive({ state }: Job): boolean {
  return state === 'waiting' || state === 'working';
}

/** From 0 to 1, or null while nobody knows. */
export function shareOf({ done, total }: Job): number | null {
  return total > 0 ? Math.min(1, done / total) : null;
}

/** What it is doing, in a word or two. */
export function phaseOf({ state, phase }: Job): string {
  if (state === 'waiting') return 'Waiting for another import';
  return phases[phase] ?? (phase === '' ? 'Beginning' : phase);
}

/**
 * Tells of the job's states until it has ended, and gives the last one.
 * @throws InputError `unknown-job` where the host was started again meanwhile.
 */
export async function followJob(id: string, take: (job: Job) => void, signal = new AbortController().signal): Promise<Job | undefined> {
  let last: Job | undefined;
  await follow(
    (api, leave) => api.jobs.watch({ job: id }, { signal: leave }),
    (job) => take((last = job)),
    signal,
  );
  return last;
}

export function cancelJob(id: string): Promise<Job> {
  return host.call((api) => api.jobs.cancel({ job: id }));
}
