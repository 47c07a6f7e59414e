/** Starts a host as a process of its own, and hears whether it could begin. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { expectedErrorSchema, type ExpectedError } from '../../core/contract/api/expected-error.ts';
import { hostFiles, prepareLabFolder } from './host-files.ts';

export interface HostProgram {
  /** The file that trainer processes run. */
  readonly trainerEntry: string;
  /** The program that brings the TensorFlow runtime, where it is not Engram's own, for tests. */
  readonly setUpScript?: string;
  /** Node 24 and the file that it runs as the host, where these are not this process's own: in a bundle, and in Electron. */
  readonly node?: string;
  readonly hostEntry?: string;
  /** How long a host without work and clients stays, in milliseconds. */
  readonly idleMs?: number;
  /** For tests: the host checks its own answers against the contract. */
  readonly checkOutputs?: boolean;
}

/** What a starting host writes to its file descriptor `reportDescriptor`. */
export const reportSchema = z.union([z.strictObject({ ready: z.literal(true) }), z.strictObject({ error: expectedErrorSchema })]);

export type HostReport = z.infer<typeof reportSchema>;

const reportDescriptor = 3;

const ownHostEntry = fileURLToPath(new URL('../host/entry.ts', import.meta.url));

/**
 * Resolves once the host listens, or with the reason why it does not. The host does not depend on this process.
 * @throws InputError `data-folder-not-writable`.
 */
export async function startHost(dataFolder: string, program: HostProgram): Promise<ExpectedError | undefined> {
  prepareLabFolder(dataFolder);
  const { log } = hostFiles(dataFolder);
  const child = spawnHost(dataFolder, program, log);
  const exit = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const said = await Promise.race([text(child.stdio[reportDescriptor] as Readable), exit.then(() => '')]);
  const report = said === '' ? undefined : reportSchema.parse(JSON.parse(said));
  if (report !== undefined) {
    child.unref();
    return 'error' in report ? report.error : undefined;
  }
  return { kind: 'failure', code: 'host-died', message: `the lab host ended (${await exit}) before it could begin; its log: ${log}` };
}

function spawnHost(dataFolder: string, program: HostProgram, log: string): ChildProcess {
  const { trainerEntry, node = process.execPath, hostEntry = ownHostEntry, setUpScript, idleMs, checkOutputs = false } = program;
  const args = ['--data', dataFolder, '--trainer', trainerEntry, '--report', String(reportDescriptor)];
  if (setUpScript !== undefined) args.push('--set-up', setUpScript);
  if (idleMs !== undefined) args.push('--idle-ms', String(idleMs));
  if (checkOutputs) args.push('--check-outputs');
  const output = openSync(log, 'a', 0o600);
  try {
    return spawn(node, [hostEntry, ...args], {
      cwd: dataFolder,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output, 'pipe'],
      // Compiled code is kept between starts: they take half the time.
      env: { NODE_COMPILE_CACHE: join(dataFolder, 'cache'), ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: undefined },
    });
  } finally {
    closeSync(output);
  }
}
