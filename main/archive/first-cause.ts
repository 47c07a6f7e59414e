/** Of several streams that failed together, the error that began it: the others only complain of being closed. */
import { EngramError } from '../../core/contract/errors.ts';

/**
 * Waits for all; then they hold nothing any more.
 * @throws the signal's reason once it is aborted, else an EngramError, else the first error that says more than that a stream was closed.
 */
export async function waitForAll(work: readonly Promise<unknown>[], signal?: AbortSignal): Promise<void> {
  const results = await Promise.allSettled(work);
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length === 0) return;
  signal?.throwIfAborted();
  throw errors.find((error) => error instanceof EngramError) ?? errors.find((error) => !isConsequence(error)) ?? errors[0];
}

function isConsequence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || /destroyed|Writable stream closed/.test(error.message);
}
