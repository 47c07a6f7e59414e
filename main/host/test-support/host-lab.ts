/** A throw-away lab with a host process of its own and the tiny training (not used by the product). */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job } from '../../../core/contract/api/lab.ts';
import type { RunUpdate } from '../../../core/contract/api/runs.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { createRunSpec, type RunChoices } from '../../../core/experiments/create-run-spec.ts';
import { connectHost, type HostClient } from '../../host-client/connect-host.ts';
import { hostFiles, readHostInfo } from '../../host-client/host-files.ts';
import type { HostProgram } from '../../host-client/start-host.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';

const trainerEntries = {
  linear: fileURLToPath(new URL('../../trainer/test-support/entry.ts', import.meta.url)),
  real: fileURLToPath(new URL('../../trainer/entry.ts', import.meta.url)),
};

export interface HostLab {
  readonly data: string;
  readonly program: HostProgram;
  /** A new connection; the host is started when none runs. */
  connect(): Promise<HostClient>;
  /** The host's process. */
  pid(): number;
  /** Waits until no host has the lab. */
  gone(): Promise<void>;
  /** What the host wrote into its log. */
  log(): string;
  /** Ends host and trainers, and removes the folder. */
  remove(): Promise<void>;
}

/** @param given a folder that is there, or to be made; one of its own without. @param training the tiny one, or what the product has. @param setUpScript of another folder. */
export function createHostLab(
  given?: string,
  idleMs = 500,
  training: keyof typeof trainerEntries = 'linear',
  setUpScript?: string,
): HostLab {
  const temporary = given === undefined ? mkdtempSync(join(tmpdir(), 'engram-host-')) : undefined;
  const data = given ?? join(temporary!, 'lab');
  const setUp = setUpScript === undefined ? {} : { setUpScript };
  const program: HostProgram = { trainerEntry: trainerEntries[training], ...setUp, idleMs, checkOutputs: true };
  const clients: HostClient[] = [];
  const files = hostFiles(data);
  const gone = () => until(() => readLockHolder(files.lock) === undefined);
  return {
    data,
    program,
    connect: async () => {
      const client = await connectHost(data, program);
      clients.push(client);
      return client;
    },
    pid: () => readHostInfo(data)!.pid,
    gone,
    log: () => readFileSync(files.log, 'utf8'),
    remove: async () => {
      for (const client of clients) client.close();
      killHolder(files.lock);
      await gone();
      const runs = join(data, 'runs');
      for (const id of existsSync(runs) ? readdirSync(runs) : []) killHolder(join(runs, id, 'trainer.lock'));
      rmSync(temporary ?? data, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

export async function until(isTrue: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const begunMs = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - begunMs > patienceMs) throw new Error(`it did not happen within ${patienceMs} ms: ${isTrue.toString()}`);
    await sleep(10);
  }
}

export function linearSpec(choices: Partial<RunChoices> = {}): RunSpec {
  return createRunSpec({ experiment: 'images', episodes: 50, batch: 1, backend: 'cpu', ...choices });
}

/** All updates of a run until its stream has ended. */
export async function collect(updates: AsyncIterable<RunUpdate>): Promise<RunUpdate[]> {
  const collected: RunUpdate[] = [];
  for await (const update of updates) collected.push(update);
  return collected;
}

/** Waits until the job has ended, whatever came of it. */
export async function finishJob({ api }: HostClient, { job }: { readonly job: string }): Promise<Job> {
  let last: Job | undefined;
  for await (const state of await api.jobs.watch({ job })) last = state;
  return last!;
}

function killHolder(lock: string): void {
  const holder = readLockHolder(lock);
  if (holder !== undefined) process.kill(holder.pid, 'SIGKILL');
}
