/** A lab whose processes are there to be killed or frozen. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { connectHost, type HostClient } from '../../main/host-client/connect-host.ts';
import { isHostLost } from '../../main/host-client/errors.ts';
import { trainJobSchema } from '../../main/trainer/jobs.ts';

export const iterations = 1500;
export const seeds = [1, 2, 3];
/** Runs at once. */
export const slots = 3;

/** By seed: from some a second to one in several seconds, between which only the journal itself is flushed. */
const checkpointsEvery = [50, 150, 500];

/** The images experiment, small: some milliseconds an iteration. */
export function smallSpec(seed: number): RunSpec {
  const settings = {
    imageSize: 8,
    patterns: 2,
    presentationSteps: 3,
    checkpointEvery: checkpointsEvery[seed % checkpointsEvery.length]!,
    evaluationEvery: 200,
    evaluationEpisodes: 3,
  };
  return createRunSpec({ experiment: 'images', backend: 'wasm', episodes: iterations, batch: 1, seed, settings });
}

const trainerEntry = fileURLToPath(new URL('trainer-entry.ts', import.meta.url));
const hostEntry = fileURLToPath(new URL('host-entry.ts', import.meta.url));
/** Nobody is connected in between, and the host must not leave by itself. */
const idleMs = 120_000;

/** Starts the host where none runs. */
export function connectLab(dataFolder: string): Promise<HostClient> {
  return connectHost(dataFolder, { trainerEntry, hostEntry, idleMs });
}

/** The same call again where the host was lost meanwhile: whether it did it, nobody knows. */
export async function askAgain<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === 5 || !isHostLost(error)) throw error;
    }
  }
}

export interface LabProcess {
  readonly pid: number;
  /** The run that it trains; absent for the host. */
  readonly run?: string;
}

/** Host and trainers of this lab that live, whatever the lab thinks of them. */
export function findProcesses(dataFolder: string): LabProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const args = readQuietly(`/proc/${name}/cmdline`).split('\0');
    const pid = Number(name);
    if (args.includes(hostEntry) && args.includes(dataFolder)) return [{ pid }];
    const job = args[args.indexOf(trainerEntry) + 1];
    if (!args.includes(trainerEntry) || job?.startsWith('{') !== true) return [];
    const { data } = trainJobSchema.safeParse(JSON.parse(job));
    return data?.folder.startsWith(`${dataFolder}/`) === true ? [{ pid, run: basename(data.folder) }] : [];
  });
}

/** Whether it is there, also as one that has ended and was not waited for. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone by itself.
  }
}

/** Also those that are frozen. */
export function endAll(dataFolder: string): void {
  for (const { pid } of findProcesses(dataFolder)) signal(pid, 'SIGKILL');
}

export async function listAll({ api }: HostClient): Promise<RunSummary[]> {
  return (await askAgain(() => api.runs.list({}))).runs;
}

/** Waits until it is so. @throws Error after so many seconds. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean, patienceSeconds = 60): Promise<void> {
  const begunMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begunMs > patienceSeconds * 1000) throw new Error(`${what}: not within ${patienceSeconds} s`);
    await sleep(20);
  }
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
