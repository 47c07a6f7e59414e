/** Processes that look inside runs: one a run, started when somebody looks, ended when nobody has asked for a while. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { z } from 'zod';
import { toEngramError } from '../../../core/contract/api/expected-error.ts';
import { FailureError } from '../../../core/contract/errors.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { inspectAnswerSchemas, inspectMessageSchema, type InspectQuestion } from '../../trainer/inspect-jobs.ts';
import { startInspection } from '../../trainer/start-trainer.ts';

export interface InspectorOptions {
  readonly dataFolder: string;
  readonly trainerEntry: string;
}

/** A run as its process needs it. */
export interface InspectedRun {
  readonly id: string;
  readonly folder: string;
  readonly spec: RunSpec;
}

export type InspectedQuestion = Pick<InspectQuestion, 'file' | 'ablation' | 'dataset' | 'weights' | 'ownEpisode'>;

type What = InspectQuestion['what'];
type AnswerOf<Kind extends What> = z.infer<(typeof inspectAnswerSchemas)[Kind]>;

export type Wanted =
  | { readonly what: 'episode'; readonly seed: number }
  | { readonly what: 'score' | 'gallery'; readonly episodes: number }
  | { readonly what: 'history'; readonly files: string[]; readonly synapses: [number, number][] };

export interface Inspector {
  /**
   * Files in the answer are paths below the lab's folder.
   * @throws what the process met; FailureError `inspection-died` when it ended meanwhile.
   */
  ask<Kind extends What>(run: InspectedRun, question: InspectedQuestion, wanted: Wanted & { readonly what: Kind }): Promise<AnswerOf<Kind>>;
  /** Lets go of a run that is to be removed. */
  leave(run: string): void;
  close(): Promise<void>;
}

/** Below the lab's folder; what is in it is of no use to the next host. */
const inspectionFolder = 'inspection';

const idleMs = 10 * 60_000;
/** Each holds a backend and a run's data. */
const mostProcesses = 3;

interface Process {
  readonly child: ChildProcess;
  readonly waiting: Map<number, { resolve(answer: unknown): void; reject(error: unknown): void }>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export async function createInspector({ dataFolder, trainerEntry }: InspectorOptions): Promise<Inspector> {
  const base = join(dataFolder, inspectionFolder);
  await rm(base, { recursive: true, force: true });
  /** Those asked last come last. */
  const processes = new Map<string, Process>();
  let asked = 0;

  const end = (id: string) => {
    const process = processes.get(id);
    processes.delete(id);
    if (process === undefined) return;
    clearTimeout(process.timer);
    if (process.child.connected) process.child.disconnect();
    process.child.kill();
  };

  const start = ({ id, folder, spec }: InspectedRun): Process => {
    const to = join(base, id);
    const child = startInspection({ folder, to }, { entry: trainerEntry, precision: spec.precision, batch: 1 });
    const process: Process = { child, waiting: new Map(), timer: undefined };
    child.on('message', (value) => {
      const message = inspectMessageSchema.parse(value);
      const waiting = process.waiting.get(message.id);
      process.waiting.delete(message.id);
      if ('error' in message) waiting?.reject(toEngramError(message.error));
      else waiting?.resolve(message.answer);
    });
    const fail = (why: string) => {
      if (processes.get(id) === process) processes.delete(id);
      clearTimeout(process.timer);
      for (const { reject } of process.waiting.values())
        reject(new FailureError('inspection-died', `the process that looks inside the run ${why}`));
      process.waiting.clear();
      void rm(to, { recursive: true, force: true });
    };
    child.once('error', (error) => fail(`met an error: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended (${signal ?? `code ${code}`})`));
    return process;
  };

  const processOf = (run: InspectedRun): Process => {
    const process = processes.get(run.id) ?? start(run);
    processes.delete(run.id);
    processes.set(run.id, process);
    for (const id of [...processes.keys()].slice(0, -mostProcesses)) end(id);
    clearTimeout(process.timer);
    process.timer = setTimeout(() => end(run.id), idleMs);
    process.timer.unref();
    return process;
  };

  return {
    ask: async (run, question, wanted) => {
      const { child, waiting } = processOf(run);
      const id = ++asked;
      const answer = await new Promise<unknown>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, ...question, ...wanted }, (error) => {
          if (error !== null) reject(new FailureError('inspection-died', error.message));
        });
      });
      return inspectAnswerSchemas[wanted.what].parse(withPlaces(answer, run.id)) as AnswerOf<typeof wanted.what>;
    },
    leave: end,
    close: async () => {
      for (const id of [...processes.keys()]) end(id);
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** A process names files by what they are called in its folder. */
function withPlaces(answer: unknown, id: string): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]): [string, unknown] => [
      name,
      name === 'file' || name === 'weights' ? `${inspectionFolder}/${id}/${String(value)}` : value,
    ]),
  );
}
