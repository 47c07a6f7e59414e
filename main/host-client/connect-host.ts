/** A front end's way to the lab: finds the host of a data folder or starts it, and finds it again. */
import { createORPCClient, mapEventIterator, type ClientContext, type ClientOptions } from '@orpc/client';
import type { RunUpdate } from '../../core/contract/api/runs.ts';
import { connect, type Connection, type LabClient } from './connection.ts';
import { fromWireError, toJson } from './errors.ts';
import { followRun, type FollowOptions } from './follow-run.ts';
import type { HostProgram } from './start-host.ts';

export interface HostClient {
  /**
   * The lab's contract; each call rejects with the InputError or FailureError that the host met, or with FailureError `host-lost` when the
   * connection broke before the answer. The next call connects again.
   */
  readonly api: LabClient;
  /** A run's journal records and changes until it has ended, whatever happens to the host meanwhile: no gap and nothing twice. */
  followRun(run: string, options?: FollowOptions): AsyncGenerator<RunUpdate, void>;
  /** The host stays as long as it has other clients or work. */
  close(): void;
}

/**
 * Connects to the host of `dataFolder`, an absolute path. Where none runs, `program` says how to start one; without it, none is started.
 * @throws FailureError or InputError, as `connect`.
 */
export async function connectHost(dataFolder: string, program?: HostProgram): Promise<HostClient> {
  let current: Promise<Connection> | undefined;
  const forget = (connection: Promise<Connection>) => {
    if (current === connection) current = undefined;
  };
  const open = async (): Promise<Connection> => {
    for (;;) {
      const opening = (current ??= connect(dataFolder, program));
      try {
        const connection = await opening;
        const { socket } = connection;
        // Between the end of a connection and the word of it, a call would be lost for nothing.
        if (socket.readyState === socket.OPEN) return connection;
        forget(opening);
      } catch (error) {
        forget(opening);
        throw error;
      }
    }
  };
  const call = async (path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> => {
    const procedure = path.join('.');
    const json = toJson(procedure, input);
    const { link } = await open();
    const explain = (error: unknown) => fromWireError(error, procedure, options.signal);
    try {
      const output = await link.call(path, json, options);
      return isStream(output)
        ? mapEventIterator(output, { value: (value) => Promise.resolve(value), error: (error) => Promise.resolve(explain(error)) })
        : output;
    } catch (error) {
      throw explain(error);
    }
  };

  await open();
  const api: LabClient = createORPCClient({ call });
  return {
    api,
    followRun: (run, options) => followRun(api, run, options),
    close: () => void current?.then(({ socket }) => socket.close()),
  };
}

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}
