/** Follows a run through the host, and through the host's death. */
import type { RunUpdate } from '../../core/contract/api/runs.ts';
import type { LabClient } from './connection.ts';
import { isHostLost, isRebuilding } from './errors.ts';
import { createRetry } from './retry.ts';

export interface FollowOptions {
  /** The sequence number of the last journal record that is known already; 0: none. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

export async function* followRun(api: LabClient, run: string, { after = 0, signal }: FollowOptions = {}): AsyncGenerator<RunUpdate, void> {
  let [id, position] = [run, after];
  const retry = createRetry();
  for (;;) {
    try {
      const options = signal === undefined ? {} : { signal };
      for await (const update of await api.runs.watch({ run: id, after: position }, options)) {
        retry.reset();
        position = update.position;
        // `last` may be another run by the time of the next connection.
        id = update.run?.id ?? id;
        yield update;
      }
      return;
    } catch (error) {
      // A host that makes its databases anew is there, however long that takes.
      if (isRebuilding(error)) retry.reset();
      else if (!isHostLost(error)) throw error;
      if (!(await retry.wait())) throw error;
    }
  }
}
