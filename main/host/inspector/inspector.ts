/** Processes that look inside runs: one a run, started when somebody looks, ended when nobody has asked for a while. */
import { randomUUID } from 'node:crypto';
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
/** Each holds a backend and a run's data. More only where all were answering when another was asked. */
const mostProcesses = 3;

interface Process {
  readonly child: ChildProcess;
  /** Below `inspectionFolder`, and never used before: every process counts its files from 1, and whoever has read one knows it by its name. */
  readonly folder: string;
  readonly waiting: Map<number, { resolve(answer: unknown): void; reject(error: unknown): void }>;
  /** Runs while nobody waits. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

export async function createInspector({ dataFolder, trainerEntry }: InspectorOptions): Promise<Inspector> {
  const base = join(dataFolder, inspectionFolder);
  await rm(base, { recursive: true, force: true });
  /** Those that were asked or have answered last come last. */
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

  const makeLast = (id: string, process: Process) => {
    processes.delete(id);
    processes.set(id, process);
  };

  const endIdleBeyondLimit = () => {
    const idle = [...processes].filter(([, { waiting }]) => waiting.size === 0).map(([id]) => id);
    for (const id of idle.slice(0, Math.max(0, processes.size - mostProcesses))) end(id);
  };

  /** @returns whoever waited for the answer. */
  const settle = (id: string, process: Process, question: number) => {
    const waiting = process.waiting.get(question);
    process.waiting.delete(question);
    // One that was let go of meanwhile has no place to take.
    if (process.waiting.size === 0 && processes.get(id) === process) {
      makeLast(id, process);
      process.timer = setTimeout(() => end(id), idleMs);
      process.timer.unref();
    }
    return waiting;
  };

  const start = ({ id, folder: ofRun, spec }: InspectedRun): Process => {
    const folder = `${id}-${randomUUID()}`;
    const to = join(base, folder);
    const child = startInspection({ folder: ofRun, to }, { entry: trainerEntry, precision: spec.precision, batch: 1 });
    const process: Process = { child, folder, waiting: new Map(), timer: undefined };
    child.on('message', (value) => {
      const message = inspectMessageSchema.parse(value);
      const waiting = settle(id, process, message.id);
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

  const send = (run: InspectedRun, question: object, process: Process): Promise<unknown> => {
    clearTimeout(process.timer);
    makeLast(run.id, process);
    const id = ++asked;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    process.waiting.set(id, { resolve, reject });
    process.child.send({ id, ...question }, (error) => {
      if (error !== null) settle(run.id, process, id)?.reject(new FailureError('inspection-died', error.message));
    });
    return promise;
  };

  return {
    ask: async (run, question, wanted) => {
      const process = processes.get(run.id) ?? start(run);
      const answer = send(run, { ...question, ...wanted }, process);
      endIdleBeyondLimit();
      return inspectAnswerSchemas[wanted.what].parse(withPlaces(await answer, process.folder)) as AnswerOf<typeof wanted.what>;
    },
    leave: end,
    close: async () => {
      for (const id of [...processes.keys()]) end(id);
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** A process names files by what they are called in its folder. */
function withPlaces(answer: unknown, folder: string): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]): [string, unknown] => [
      name,
      name === 'file' || name === 'weights' ? `${inspectionFolder}/${folder}/${String(value)}` : value,
    ]),
  );
}
