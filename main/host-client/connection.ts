/** One connection to a host of this version, which is started where none runs. */
import { once } from 'node:events';
import { hostname } from 'node:os';
import { createORPCClient, type ClientContext, type ClientLink } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { WebSocket } from 'ws';
import { toEngramError } from '../../core/contract/api/expected-error.ts';
import { contractVersion, type labContract } from '../../core/contract/api/index.ts';
import { FailureError } from '../../core/contract/errors.ts';
import { readLockHolder } from '../run-folder/process-lock.ts';
import { hostFiles, readHostInfo } from './host-files.ts';
import { openSocket, type OpenSocket } from './open-socket.ts';
import { createRetry } from './retry.ts';
import { startHost, type HostProgram } from './start-host.ts';

export type LabClient = ContractRouterClient<typeof labContract>;
export type LabLink = ClientLink<ClientContext>;

export interface Connection {
  readonly socket: WebSocket;
  readonly link: LabLink;
}

/**
 * Connects to the lab's host. Where none runs, `program` says how to start one; without it, none is started.
 * @throws FailureError `no-host` (only without `program`), `host-unreachable`, `host-other-version`, or why a host could not begin.
 */
export async function connect(dataFolder: string, program: HostProgram | undefined): Promise<Connection> {
  return toConnection(await reachHost(dataFolder, program));
}

/** The socket alone, for whoever passes its frames on unread. @throws as `connect`. */
export async function reachHost(dataFolder: string, program: HostProgram | undefined): Promise<OpenSocket> {
  const retry = createRetry();
  do {
    const opened = await tryOpen(dataFolder);
    if (opened?.contract === contractVersion) return opened;
    if (opened !== undefined) {
      await replace(opened, dataFolder);
    } else if (starting.has(dataFolder) || readLockHolder(hostFiles(dataFolder).lock) === undefined) {
      if (program === undefined) throw new FailureError('no-host', `no lab host runs for ${dataFolder}`);
      const refusal = await startOnce(dataFolder, program);
      if (refusal === undefined) continue;
      // Somebody else was faster.
      if (refusal.code !== 'host-running') throw toEngramError(refusal);
    }
  } while (await retry.wait());
  throw unreachable(dataFolder);
}

/** Hosts that this process starts at this moment. */
const starting = new Map<string, ReturnType<typeof startHost>>();

/** Several parts of a program that need the lab at once wait for one host, instead of starting as many. */
function startOnce(dataFolder: string, program: HostProgram): ReturnType<typeof startHost> {
  let start = starting.get(dataFolder);
  if (start === undefined) {
    start = startHost(dataFolder, program).finally(() => starting.delete(dataFolder));
    starting.set(dataFolder, start);
  }
  return start;
}

async function tryOpen(dataFolder: string): Promise<OpenSocket | undefined> {
  const info = readHostInfo(dataFolder);
  return info === undefined ? undefined : await openSocket(info.socket);
}

function toConnection({ socket }: OpenSocket): Connection {
  // ws has the browser's interface; only the types of rarely used options differ.
  return { socket, link: new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }) };
}

/** A host of another version leaves when nobody would miss it. `host.status` and `host.stop` are the same in all versions. */
async function replace(opened: OpenSocket, dataFolder: string): Promise<void> {
  const { socket, link } = toConnection(opened);
  const client: LabClient = createORPCClient(link);
  const closed = once(socket, 'close');
  try {
    const { pid, version, running, jobs, connections } = await client.host.status();
    if (running > 0 || jobs > 0 || connections > 1) {
      const work = `${running} running runs, ${jobs} jobs and ${connections - 1} other clients`;
      throw new FailureError(
        'host-other-version',
        `the lab in ${dataFolder} is served by Engram ${version} (process ${pid}), another version, with ${work}; it gives way when they have ended`,
      );
    }
    await client.host.stop();
    await closed;
  } finally {
    socket.close();
  }
}

function unreachable(dataFolder: string): FailureError {
  const holder = readLockHolder(hostFiles(dataFolder).lock);
  // What a machine of another name does cannot be seen from here.
  const elsewhere = holder?.host === hostname() ? '' : ` (if there is no such machine any more, remove ${hostFiles(dataFolder).lock})`;
  const who = holder === undefined ? 'no host stays' : `process ${holder.pid} on ${holder.host} holds it and does not answer${elsewhere}`;
  return new FailureError('host-unreachable', `the lab in ${dataFolder} cannot be reached: ${who}; see ${hostFiles(dataFolder).log}`);
}
