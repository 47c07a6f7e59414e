/** What a trainer's journal costs it: the time within its calls, in a real run of the images experiment. */
import { mkdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import type { JournalWriter } from '../main/run-folder/journal-writer.ts';
import { runPaths } from '../main/run-folder/run-paths.ts';
import { buildTraining } from '../main/trainer/build-training.ts';
import { createRecentMeans } from '../main/trainer/recent-means.ts';
import { openSession } from '../main/trainer/session.ts';
import { runTrainingLoop } from '../main/trainer/training-loop.ts';

export interface JournalCost {
  readonly iterations: number;
  readonly runSeconds: number;
  /** Within append and flush: on the clock, and computing. */
  readonly journalSeconds: number;
  readonly journalCpuSeconds: number;
  /** Waiting for the disk before checkpoints, on the clock. */
  readonly syncSeconds: number;
}

/** Trains in `folder` with WebAssembly, batch 1 and default settings, through the loop of a trainer. */
export async function measureJournalCost(folder: string, iterations: number): Promise<JournalCost> {
  mkdirSync(folder);
  const spec = createRunSpec({ experiment: 'images', backend: 'wasm', batch: 1, episodes: iterations });
  const { training, backend } = await buildTraining(spec, () => {}, folder);
  const session = openSession(runPaths(folder));
  const spent = { writing: 0, cpu: 0, sync: 0 };
  const journal = timed(session.journal, spent);
  try {
    const startedMs = performance.now();
    const seconds = () => (performance.now() - startedMs) / 1e3;
    const stop = { requested: false, bySystem: false, clear: () => {} };
    await runTrainingLoop(training, spec, { ...session, journal }, { recent: createRecentMeans('losses'), seconds }, stop);
    return {
      iterations,
      runSeconds: seconds(),
      journalSeconds: spent.writing / 1e3,
      journalCpuSeconds: spent.cpu / 1e6,
      syncSeconds: spent.sync / 1e3,
    };
  } finally {
    session.close();
    training.dispose();
    backend.dispose();
  }
}

function timed(journal: JournalWriter, spent: { writing: number; cpu: number; sync: number }): JournalWriter {
  const write = <Args extends unknown[]>(work: (...args: Args) => void) => {
    return (...args: Args) => {
      const [startedMs, before] = [performance.now(), process.threadCpuUsage()];
      work(...args);
      const { user, system } = process.threadCpuUsage(before);
      spent.cpu += user + system;
      spent.writing += performance.now() - startedMs;
    };
  };
  return {
    append: write(journal.append),
    flush: write(journal.flush),
    sync: () => {
      const startedMs = performance.now();
      journal.sync();
      spent.sync += performance.now() - startedMs;
    },
    close: journal.close,
  };
}
