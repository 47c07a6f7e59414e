/** From a form to runs. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { TrainRequest } from '../../core/contract/train-command.ts';
import { host } from '../host.svelte.ts';
import { lab } from '../lab.svelte.ts';

/**
 * One run a seed; `first`: before those that wait already.
 * @throws EngramError as the host meant it.
 */
export async function createRuns({ spec, seeds, ...about }: TrainRequest, first: boolean): Promise<RunSummary[]> {
  const { tags, ...words } = about;
  const [waiting] = lab.queued;
  const specs = seeds.map((seed) => ({ ...spec, seed }));
  const runs = await host.call((api) => api.runs.create({ specs, ...words, ...(tags === undefined ? {} : { tags: [...tags] }) }));
  if (first && waiting !== undefined) for (const { id } of runs) await moveBefore(id, waiting.id);
  return runs;
}

async function moveBefore(run: string, before: string): Promise<void> {
  try {
    await host.call((api) => api.queue.move({ run, before }));
  } catch {
    // One of the two has begun meanwhile: there is nothing left to move.
  }
}
