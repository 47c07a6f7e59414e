/** The lab host: one a data folder; serves whoever connects, and leaves when nobody needs it. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { contractVersion } from '../../core/contract/api/index.ts';
import { FailureError } from '../../core/contract/errors.ts';
import { hostFiles, prepareLabFolder, type HostInfo } from '../host-client/host-files.ts';
import { takeLock, type ProcessLock } from '../run-folder/process-lock.ts';
import { createRouter } from './api/router.ts';
import { watchFolder } from './folder-watch.ts';
import type { HostLog } from './host-log.ts';
import { watchIdleness } from './idle-watch.ts';
import { closeToOthers } from './close-folder.ts';
import { openLab, type Lab } from './lab.ts';
import { keepHouse } from './housekeeping.ts';
import { createHandler } from './server/create-handler.ts';
import { listen } from './server/listen.ts';
import { serveConnection } from './server/serve-connection.ts';
import { chooseSocketPath } from './server/socket-path.ts';
import { readVersion } from './version.ts';

export interface HostOptions {
  /** Absolute. */
  readonly dataFolder: string;
  /** The program that trainer processes run. */
  readonly trainerEntry: string;
  /** The program that brings the TensorFlow runtime; Engram's own without. */
  readonly setUpScript?: string;
  /** How long it stays without clients and work. */
  readonly idleMs: number;
  /** Whether answers are checked against the contract, for tests. */
  readonly checkOutputs: boolean;
  readonly log: HostLog;
}

export interface Host {
  /** Closes everything in order; trainers go on. */
  leave(reason: string): Promise<void>;
  /** Resolves when it has left. */
  readonly left: Promise<unknown>;
}

/**
 * Takes the data folder and serves it.
 * @throws FailureError `host-running` when another host has it; `database-newer`, `disk-full`, `socket-folder-unsafe` …; InputError
 *   `data-folder-not-writable`, `data-folder-unsafe`.
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const { dataFolder } = options;
  prepareLabFolder(dataFolder);
  const closed = closeToOthers(dataFolder);
  const lock = requireLock(dataFolder);
  try {
    const lab = await openLab(options);
    if (closed !== undefined) lab.tell(closed);
    return await serve(options, lab, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function serve({ dataFolder, idleMs, checkOutputs, log }: HostOptions, lab: Lab, lock: ProcessLock): Promise<Host> {
  const info = { pid: process.pid, version: readVersion(), contract: contractVersion, startedAtMs: Date.now() };
  const left = Promise.withResolvers<null>();
  let leaving: Promise<void> | undefined;
  const leave = (reason: string): Promise<void> => {
    if (leaving === undefined) log.info(`leaving: ${reason}`);
    leaving ??= close();
    return leaving;
  };

  const context = { ...info, lab, connections: () => listener.connections, stop: () => void leave('asked to') };
  const handler = createHandler(createRouter(context, checkOutputs), log);
  const socket = chooseSocketPath(dataFolder);
  const listener = await listen(socket, (connection) => serveConnection(connection, handler, log));
  writeInfo(dataFolder, { ...info, socket });
  const stopHousekeeping = keepHouse(lab);
  // What it would write from now on would be lost.
  const stopWatchingFolder = watchFolder(dataFolder, () => void leave("the lab's folder is gone"));
  const isNeeded = () => listener.connections > 0 || lab.isBusy();
  const stopWatching = watchIdleness(isNeeded, idleMs, () => void leave('nobody is connected, nothing runs'));
  log.info(`serving ${dataFolder} at ${socket} as process ${info.pid}`);

  const close = async () => {
    try {
      stopWatching();
      stopWatchingFolder();
      stopHousekeeping();
      rmSync(hostFiles(dataFolder).info, { force: true });
      await listener.close();
      await lab.close();
      lock.release();
      left.resolve(null);
    } catch (error) {
      left.reject(error);
    }
  };
  return { leave, left: left.promise };
}

function requireLock(dataFolder: string): ProcessLock {
  const lock = takeLock(hostFiles(dataFolder).lock);
  if (!('holder' in lock)) return lock;
  const { pid, host } = lock.holder;
  // What a machine of another name does cannot be seen from here; it may be this one, which had another name before it lost its power.
  const elsewhere = host === hostname() ? '' : `; if there is no such machine any more, remove ${hostFiles(dataFolder).lock}`;
  throw new FailureError('host-running', `the lab in ${dataFolder} is served by process ${pid} on ${host} already${elsewhere}`);
}

function writeInfo(dataFolder: string, info: HostInfo): void {
  const path = hostFiles(dataFolder).info;
  writeFileSync(`${path}.unfinished`, JSON.stringify(info));
  renameSync(`${path}.unfinished`, path);
}
