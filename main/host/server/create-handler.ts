/** Answers requests with the procedures of a router. */
import type { Context, Router } from '@orpc/server';
import { StandardRPCHandler } from '@orpc/server/standard';
import type { labContract } from '../../../core/contract/api/index.ts';
import { InputError } from '../../../core/contract/errors.ts';
import type { HostLog } from '../host-log.ts';
import { toWireError } from './wire-errors.ts';

export type RequestHandler = StandardRPCHandler<Context>;

export function createHandler(router: Router<typeof labContract, Context>, log: HostLog): RequestHandler {
  return new StandardRPCHandler(router, {
    interceptors: [
      async ({ next, request }) => {
        const procedure = request.url.pathname.slice(1, 100).replaceAll('/', '.');
        try {
          const result = await next();
          if (result.matched) return result;
        } catch (error) {
          throw toWireError(error, procedure, log);
        }
        throw toWireError(new InputError('unknown-procedure', `there is no procedure "${procedure}"`), procedure, log);
      },
    ],
    clientInterceptors: [
      async ({ next, path }) => {
        const output = await next();
        return isStream(output) ? mapErrors(output, (error) => toWireError(error, path.join('.'), log)) : output;
      },
    ],
  });
}

function isStream(output: unknown): output is AsyncGenerator {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

async function* mapErrors(stream: AsyncGenerator, map: (error: unknown) => Error): AsyncGenerator {
  try {
    yield* stream;
  } catch (error) {
    throw map(error);
  }
}
