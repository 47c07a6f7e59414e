/** Errors on their way to a client: expected ones as they are, all others written into the log and told in a short sentence. */
import { ORPCError, ValidationError } from '@orpc/server';
import { EngramError, FailureError, InputError } from '../../../core/contract/errors.ts';
import type { HostLog } from '../host-log.ts';

/** `procedure` is its path, for example `runs.create`. */
export function toWireError(error: unknown, procedure: string, log: HostLog): ORPCError<string, unknown> {
  const known = error instanceof EngramError ? error : explainRefusal(error, procedure);
  if (known !== undefined) return encode(known);
  log.error(`unexpected error in ${procedure}`, error);
  return encode(new FailureError('host-error', `the host met an unexpected error in ${procedure}; its log says more: ${log.path}`));
}

function encode({ kind, code, message }: EngramError): ORPCError<string, unknown> {
  return new ORPCError(kind === 'input' ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR', { message, data: { kind, code } });
}

/** What the RPC library itself refuses. */
function explainRefusal(error: unknown, procedure: string): EngramError | undefined {
  if (!(error instanceof ORPCError) || error.status >= 500) return undefined;
  if (error.cause instanceof ValidationError) return new InputError('field-invalid', nameField(error.cause, procedure));
  return new InputError('request-invalid', `${procedure}: ${error.message}`);
}

function nameField({ issues }: ValidationError, procedure: string): string {
  const [first, ...others] = issues;
  const path = (first?.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  const message = first?.message ?? 'wrong';
  const rule = `${message.slice(0, 1).toLowerCase()}${message.slice(1, 300)}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `${procedure}: ${path.slice(0, 200) || 'the input'}: ${rule}${more}`;
}
