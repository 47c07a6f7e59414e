/** Follows a run's journal while its trainer works, and passes Ctrl-C on. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalRecord, JournalRecordOf } from '../../core/contract/journal-records.ts';
import type { JournalPosition } from '../run-folder/journal-format.ts';
import { createJournalTail } from '../run-folder/journal-reader.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { requestStop } from '../trainer/stop-signal.ts';
import type { Output } from './output.ts';

const pollEveryMs = 100;
/** A terminal's Ctrl-C may arrive twice, from the terminal and through npm; only a later one is a second one. */
const sameSignalMs = 500;

export interface RunOutcome {
  /** Absent when the trainer ended without a word. */
  readonly end?: JournalRecordOf<'end'>;
  /** The last iteration that was seen. */
  readonly iteration: number;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The user asked for the end. */
  readonly interrupted: boolean;
}

/** Shows every record that comes after `from` until the trainer has ended. */
export async function followRun(
  trainer: ChildProcess,
  paths: RunPaths,
  from: JournalPosition,
  output: Output,
  show: (record: JournalRecord) => void,
): Promise<RunOutcome> {
  const exit = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    trainer.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    trainer.once('error', reject);
  });
  const interruption = passInterruptsOn(trainer, paths, output);
  const tail = createJournalTail(paths.journal, from);
  let end: JournalRecordOf<'end'> | undefined;
  let iteration = 0;
  const showNew = () => {
    for (const record of tail.poll()) {
      if (record.type === 'end') end = record;
      if ('iteration' in record) iteration = record.iteration;
      show(record);
    }
  };
  try {
    for (;;) {
      const ended = await Promise.race([exit, sleep(pollEveryMs)]);
      showNew();
      if (ended !== undefined) return { ...(end === undefined ? {} : { end }), iteration, ...ended, interrupted: interruption.requested };
    }
  } finally {
    interruption.stop();
    output.endLive();
  }
}

/** Where not even an empty file can be written any more, a signal has to do. */
function askToStop(trainer: ChildProcess, paths: RunPaths): void {
  try {
    requestStop(paths);
  } catch {
    trainer.kill('SIGTERM');
  }
}

/** The first Ctrl-C reaches the trainer, which checkpoints and leaves; a second one ends it at once. */
function passInterruptsOn(trainer: ChildProcess, paths: RunPaths, output: Output): { readonly requested: boolean; stop(): void } {
  let requestedMs: number | undefined;
  const interrupt = () => {
    if (requestedMs === undefined) {
      requestedMs = performance.now();
      askToStop(trainer, paths);
      output.remark('stopping after this iteration and saving a checkpoint; Ctrl-C again leaves at once');
    } else if (performance.now() - requestedMs >= sameSignalMs) {
      trainer.kill('SIGKILL');
    }
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  output.onClosed(interrupt);
  return {
    get requested() {
      return requestedMs !== undefined;
    },
    stop: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
