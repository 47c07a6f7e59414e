/** Why a queued run has not begun. */
import type { LabClient } from '../host-client/connection.ts';
import { formatPlural } from './format.ts';

/** Undefined when it is not queued any more. */
export async function describeWaiting(api: LabClient, id: string): Promise<string | undefined> {
  const [queued, { runs: running }, { held }] = await Promise.all([
    api.queue.list(),
    api.runs.list({ status: ['running'] }),
    api.host.status(),
  ]);
  const run = queued.find((candidate) => candidate.id === id);
  if (run === undefined) return undefined;
  if (held !== null) return `queued: ${held}`;
  const before = (run.queuePlace ?? 1) - 1 + running.filter(({ slot }) => slot === run.slot).length;
  return before === 0 ? 'queued: it begins in a moment' : `queued: ${formatPlural(before, 'run')} before it`;
}
