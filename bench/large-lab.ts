/** A lab as it is after years: many runs with all that belongs to them, and millions of metric values. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSpec } from '../core/contract/run-spec.ts';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { createRandom, type Random } from '../core/random.ts';
import { backUp } from '../main/host/store/backups.ts';
import { noteSeriesCheck } from '../main/host/store/check-series.ts';
import { addHappening } from '../main/host/store/happenings.ts';
import { putEvaluation } from '../main/host/store/evaluations.ts';
import { putCheckpoint } from '../main/host/store/journal-rows.ts';
import { openStores, type Stores } from '../main/host/store/open-stores.ts';
import { changeRun, insertRuns, type NewRun } from '../main/host/store/runs.ts';
import { createSeriesWriter } from '../main/host/store/series-writer.ts';
import { runsFolder } from '../main/run-folder/data-folder.ts';
import { runPaths } from '../main/run-folder/run-paths.ts';
import { describeEnvironment } from '../main/trainer/environment.ts';
import { createMetricsRecord, valuesAnIteration } from './metrics-records.ts';

export interface LargeLab {
  readonly runs: number;
  readonly values: number;
  /** The run with the most iterations, and how many these are. */
  readonly longRun: string;
  readonly longIterations: number;
}

/** Seeds that share a specification. */
const seedsASpec = 10;
const iterationsAtOnce = 5000;
const dayMs = 24 * 60 * 60 * 1000;

/** Fills `dataFolder`; every value is as a run of the images experiment has it. */
export function createLargeLab(dataFolder: string, { runs = 10_000, values = 50_000_000, longIterations = 500_000 } = {}): LargeLab {
  const stores = openStores(dataFolder);
  const random = createRandom(1, 'bench, large lab');
  const newRuns = Array.from({ length: runs }, (_, index) => createNewRun(index, random));
  const others = Math.ceil((values / valuesAnIteration - longIterations) / (runs - 1));
  try {
    insertRuns(stores.lab, newRuns);
    for (let from = 0; from < runs; from += 500) {
      const part = newRuns.slice(from, from + 500);
      stores.lab.transaction(() =>
        part.forEach((run, index) => describeRun(stores, run, from + index === 0 ? longIterations : others, random)),
      );
      for (const { id, spec } of part) makeFolder(dataFolder, id, spec);
    }
    for (let from = 0; from < runs; from += 100) {
      stores.series.transaction(() =>
        newRuns.slice(from, from + 100).forEach(({ id }, index) => fillSeries(stores, id, from + index === 0 ? longIterations : others)),
      );
    }
    // What a host does once a day is not what is measured here.
    noteSeriesCheck(stores.series);
    backUp(stores.lab, dataFolder);
  } finally {
    stores.close();
  }
  const all = (longIterations + others * (runs - 1)) * valuesAnIteration;
  return { runs, values: all, longRun: newRuns[0]!.id, longIterations };
}

function createNewRun(index: number, random: Random): NewRun {
  const group = Math.floor(index / seedsASpec);
  const spec = createRunSpec({
    experiment: 'images',
    variant: ['free', 'yoked', 'non-plastic'][group % 3]!,
    seed: index % seedsASpec,
    batch: [1, 8, 32][Math.floor(group / 3) % 3]!,
    settings: { learningRate: 1e-4 * (1 + Math.floor(group / 9)) },
  });
  const createdAtMs = Date.UTC(2024, 0, 1) + index * 3600_000;
  const day = new Date(createdAtMs).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return {
    id: `${day}-images-${spec.variant}-${spec.seed}-${index.toString(36).padStart(4, '2')}`,
    spec,
    name: index % 7 === 0 ? `trial ${random.integer(0, 99)} of the ablation` : '',
    note: index % 5 === 0 ? 'Looks as in the paper; compare with the yoked ones before writing this up. '.repeat(3) : '',
    group: `group ${group % 40}`,
    tags: [`week-${Math.floor(index / 100)}`, ...(index % 3 === 0 ? ['baseline'] : [])],
    status: index % 50 === 0 ? 'failed' : index % 33 === 0 ? 'stopped' : 'finished',
    slot: 'cpu',
    createdAtMs,
  };
}

function describeRun({ lab }: Stores, { id, createdAtMs }: NewRun, iterations: number, random: Random): void {
  const loss = 20 + 20 * random.uniform();
  changeRun(lab, id, {
    startedAtMs: createdAtMs,
    heardAtMs: createdAtMs + dayMs,
    endedAtMs: createdAtMs + dayMs,
    backend: 'tensorflow',
    device: 'CPU, 2 threads (TensorFlow 2.18.1)',
    dataset: { name: 'photographs', format: 'photographs', sha256: 'ab'.repeat(32), note: 'the photographs that come with Engram' },
    datasetSha256: 'ab'.repeat(32),
    environment: describeEnvironment(),
    codeVersion: '0.1.0',
    iteration: iterations,
    episodes: iterations,
    seconds: iterations / 10,
    episodesPerSecond: 5 + 10 * random.uniform(),
    loss,
    score: loss / 100,
    rssBytes: 4e8,
    peakRssBytes: 5e8,
    sizeBytes: 1e7,
    spark: Array.from({ length: 40 }, (_, point) => Number((loss + 60 * Math.exp(-point / 8)).toPrecision(5))),
    journalOffset: iterations * 300,
    journalSequence: iterations + 1,
  });
  for (const iteration of [iterations - 100, iterations]) {
    const progress = { iteration, episodes: iteration, atMs: createdAtMs };
    const file = `checkpoints/${String(iteration).padStart(9, '0')}.safetensors`;
    putCheckpoint(lab, id, { type: 'checkpoint', ...progress, seconds: 1, kind: 'full', file, bytes: 5e6, sha256: 'cd'.repeat(32) });
    putEvaluation(
      lab,
      id,
      { ...progress, heldOutEpisodes: 100, loss, score: loss / 100, evaluatedAtMs: Math.round(progress.atMs) },
      'trainer',
    );
  }
  for (const name of ['queued', 'started', 'log', 'log', 'ended'])
    addHappening(lab, id, {
      source: 'trainer',
      level: 'info',
      name,
      message: 'something that the trainer said of this run',
      atMs: createdAtMs,
    });
}

function fillSeries({ series }: Stores, id: string, iterations: number): void {
  const writer = createSeriesWriter(series, id);
  for (let from = 1; from <= iterations; from += iterationsAtOnce) {
    const count = Math.min(iterationsAtOnce, iterations - from + 1);
    const next = from + count;
    const records = Array.from({ length: count }, (_, index) => createMetricsRecord(from + index));
    writer.take(records, { offset: (next - 1) * 300, sequence: next, mark: 0 });
  }
}

function makeFolder(dataFolder: string, id: string, spec: RunSpec): void {
  const paths = runPaths(join(runsFolder(dataFolder), id));
  mkdirSync(paths.folder);
  writeFileSync(paths.spec, `${JSON.stringify(spec, null, 2)}\n`);
}
