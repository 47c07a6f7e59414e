/** A throw-away data folder with the command line in front of it (not used by the product). */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../cli/run-cli.ts';
import { hostFiles } from '../../host-client/host-files.ts';
import { readHistory, type JournalHistory } from '../../run-folder/journal-history.ts';
import { readJournal } from '../../run-folder/journal-reader.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import { runPaths, type RunPaths } from '../../run-folder/run-paths.ts';

const linearEntry = fileURLToPath(new URL('entry.ts', import.meta.url));
const realEntry = fileURLToPath(new URL('../entry.ts', import.meta.url));
const linearCli = fileURLToPath(new URL('cli.ts', import.meta.url));
const realCli = fileURLToPath(new URL('../../cli/cli.ts', import.meta.url));

export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event: string };

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** The lines so far, parsed. */
  events(): JsonEvent[];
  /** Resolves when the output contains an event for which this is true; fails when the process ends without one. */
  until(isIt: (event: JsonEvent) => boolean): Promise<JsonEvent>;
  readonly ended: Promise<CliResult>;
}

export interface Lab {
  readonly data: string;
  /** Starts the command line as a process. `environment` reaches trainers only where no host runs yet. */
  start(args: readonly string[], environment?: NodeJS.ProcessEnv): RunningCli;
  /** Runs the command line within this process; host and trainers are processes all the same. Another environment than before ends the host first. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<CliResult>;
  /** The folders of all runs, oldest first. */
  runs(): RunPaths[];
  /** Ends the host and trainers that are still there, and removes the folder. */
  remove(): Promise<void>;
}

export interface LabOptions {
  /** A folder that is there, or to be made. */
  readonly data?: string;
  /** `linear`: the tiny training; `real`: the product as it is. */
  readonly training?: 'linear' | 'real';
}

export function createLab({ data = mkdtempSync(join(tmpdir(), 'engram-lab-')), training = 'linear' }: LabOptions = {}): Lab {
  const [trainerEntry, cliEntry] = training === 'real' ? [realEntry, realCli] : [linearEntry, linearCli];
  const running = new Set<RunningCli>();
  let hostEnvironment = '{}';
  const runs = () => listFolders(join(data, 'runs')).map((id) => runPaths(join(data, 'runs', id)));
  const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}): RunningCli => {
    hostEnvironment = JSON.stringify(environment);
    const child = spawn(process.execPath, [cliEntry, ...args], {
      env: { ...process.env, ENGRAM_DATA: data, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const cli = listen(child);
    running.add(cli);
    void cli.ended.finally(() => running.delete(cli));
    return cli;
  };
  return {
    data,
    start,
    run: async (args, environment = {}) => {
      if (hostEnvironment !== JSON.stringify(environment)) await endHost(data);
      hostEnvironment = JSON.stringify(environment);
      const stdout = createEar();
      const stderr = createEar();
      const changed = { ENGRAM_DATA: data, ...environment };
      const before = Object.keys(changed).map((name) => [name, process.env[name]] as const);
      Object.assign(process.env, changed);
      try {
        const services = { program: { trainerEntry, checkOutputs: true }, stdout: stdout.stream, stderr: stderr.stream };
        return { code: await runCli(args, services), stdout: stdout.text(), stderr: stderr.text() };
      } finally {
        for (const [name, value] of before) {
          if (value === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = value;
        }
      }
    },
    runs,
    remove: async () => {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all([...running].map(({ ended }) => ended));
      await endHost(data);
      for (const { journal } of runs()) {
        const { start: begun, end } = readHistory(readJournal(journal).records);
        if (begun !== undefined && end === undefined) killQuietly(begun.pid);
      }
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export function historyOf(paths: RunPaths): JournalHistory {
  return readHistory(readJournal(paths.journal).records);
}

/** Every loss by iteration, rewinds applied. */
export function lossesOf(paths: RunPaths): (number | undefined)[] {
  return historyOf(paths).metrics.map(({ values }) => values['loss']);
}

export function parseEvents(stdout: string): JsonEvent[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonEvent);
}

function listen(child: ChildProcess): RunningCli {
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const listener of listeners) listener();
  });
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<CliResult>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const events = () => parseEvents(stdout);
  const until = (isIt: (event: JsonEvent) => boolean) =>
    new Promise<JsonEvent>((resolve, reject) => {
      const check = () => {
        const found = events().find(isIt);
        if (found === undefined) return;
        listeners.delete(check);
        resolve(found);
      };
      listeners.add(check);
      check();
      void ended.then(() => {
        check();
        reject(new Error(`it ended without that event: ${stdout}${stderr}`));
      });
    });
  return { child, events, until, ended };
}

/** A stream that remembers. */
export function createEar(): { stream: Writable; text(): string } {
  const chunks: string[] = [];
  const write = (chunk: Buffer, _encoding: unknown, done: () => void) => {
    chunks.push(chunk.toString());
    done();
  };
  return { stream: new Writable({ write }), text: () => chunks.join('') };
}

/** In order, and waits until it has left. */
async function endHost(data: string): Promise<void> {
  const { lock } = hostFiles(data);
  const holder = readLockHolder(lock);
  if (holder === undefined) return;
  process.kill(holder.pid, 'SIGTERM');
  while (readLockHolder(lock) !== undefined) await sleep(10);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}

function listFolders(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
