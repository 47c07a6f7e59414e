/** Errors as a client meets them. */
import { ORPCError } from '@orpc/client';
import { expectedErrorSchema, toEngramError } from '../../core/contract/api/expected-error.ts';
import { FailureError, InputError } from '../../core/contract/errors.ts';

const wireDataSchema = expectedErrorSchema.pick({ kind: true, code: true });

/** What a call of `procedure` met: an error that the host sent, the end of the connection, or the caller's own signal. */
export function fromWireError(error: unknown, procedure: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return error;
  if (!(error instanceof ORPCError)) return hostLost(procedure, error);
  const { data, success } = wireDataSchema.safeParse(error.data);
  return success
    ? toEngramError({ ...data, message: error.message })
    : new FailureError('host-error', `${procedure}: ${error.message}`, { cause: error });
}

function hostLost(procedure: string, cause: unknown): FailureError {
  return new FailureError('host-lost', `the lab host went away before it had answered ${procedure}`, { cause });
}

export function isHostLost(error: unknown): boolean {
  return error instanceof FailureError && error.code === 'host-lost';
}

export function isRebuilding(error: unknown): boolean {
  return error instanceof FailureError && error.code === 'rebuilding';
}

const maximumInputBytes = 4 * 2 ** 20 - 4096;

/**
 * `input` as plain JSON.
 * @throws InputError `message-too-large` for what the host would not read.
 */
export function toJson(procedure: string, input: unknown): unknown {
  if (input === undefined) return undefined;
  const text = JSON.stringify(input);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maximumInputBytes) return JSON.parse(text);
  throw new InputError('message-too-large', `${procedure}: the input takes ${bytes} bytes; the host reads at most ${maximumInputBytes}`);
}
