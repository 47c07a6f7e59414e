/** The way to the lab host: a port that the window hands out, and a client of the contract on it. */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { expectedErrorSchema, toEngramError } from '../core/contract/api/expected-error.ts';
import type { labContract } from '../core/contract/api/index.ts';
import { EngramError, FailureError } from '../core/contract/errors.ts';
import type { HostTrouble } from '../core/contract/window.ts';
import { portMessage } from '../core/contract/window-channels.ts';

export type LabClient = ContractRouterClient<typeof labContract>;

/**
 * A new port to the host, which is started where none runs.
 * @throws FailureError with the code of what stands in the way.
 */
export function openPort(): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const hear = ({ source, data, ports }: MessageEvent<{ type?: string; trouble?: HostTrouble | null } | null>) => {
      if (source !== window || data?.type !== portMessage) return;
      removeEventListener('message', hear);
      const { trouble } = data;
      const [port] = ports;
      if (port !== undefined) resolve(port);
      else reject(new FailureError(trouble?.code ?? 'no-port', trouble?.message ?? 'the window gave no way to the lab host'));
    };
    addEventListener('message', hear);
    window.engram.connect();
  });
}

export function createClient(port: MessagePort): LabClient {
  return createORPCClient(new RPCLink({ port }));
}

const wireSchema = expectedErrorSchema.pick({ kind: true, code: true });

/** What a call met, as the host meant it. */
export function explain(error: unknown): Error {
  if (error instanceof EngramError) return error;
  if (error instanceof ORPCError) {
    const { data, success } = wireSchema.safeParse(error.data);
    if (success) return toEngramError({ ...data, message: error.message });
  }
  return error instanceof Error ? error : new Error(String(error));
}
