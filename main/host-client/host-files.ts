/** Where host and clients find each other: files of the data folder. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { prepareDataFolder } from '../run-folder/data-folder.ts';
import { makeFolders } from '../run-folder/make-folders.ts';

export interface HostFiles {
  readonly lock: string;
  /** Who listens where, while a host listens. */
  readonly info: string;
  readonly socket: string;
  readonly log: string;
}

export function hostFiles(dataFolder: string): HostFiles {
  return {
    lock: join(dataFolder, 'host.lock'),
    info: join(dataFolder, 'host.json'),
    socket: join(dataFolder, 'host.sock'),
    log: join(dataFolder, 'host.log'),
  };
}

const hostInfoSchema = z.object({
  pid: z.int(),
  /** A Unix socket or a named pipe. */
  socket: z.string(),
  version: z.string(),
  contract: z.int(),
  startedAtMs: z.int(),
});

export type HostInfo = z.infer<typeof hostInfoSchema>;

/** What the last host wrote; undefined where none listens. It may have died since. */
export function readHostInfo(dataFolder: string): HostInfo | undefined {
  try {
    return hostInfoSchema.parse(JSON.parse(readFileSync(hostFiles(dataFolder).info, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Makes the lab's folder, readable by its owner only, unless it is there.
 * @throws InputError `data-folder-not-writable`.
 */
export function prepareLabFolder(dataFolder: string): void {
  try {
    makeFolders(dirname(dataFolder));
    mkdirSync(dataFolder, { mode: 0o700 });
  } catch {
    // It is there, or it cannot be made, which the next line finds out.
  }
  prepareDataFolder(dataFolder);
}
