/** The trainer process of the fault campaigns: the product's, which also writes down elsewhere what it has computed and what the disk has. */
import { appendFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Training } from '../../core/training/training.ts';
import { buildTraining, type BuildTraining } from '../../main/trainer/build-training.ts';
import { trainJobSchema } from '../../main/trainer/jobs.ts';
import { runTrainer } from '../../main/trainer/run-trainer.ts';
import { readPlaces } from './places.ts';
import { encodeStep } from './steps.ts';
import { logSyncs } from './sync-log.ts';

const { steps, syncs } = readPlaces();
logSyncs(syncs);
const { folder } = trainJobSchema.parse(JSON.parse(process.argv[2] ?? 'null'));
const file = join(steps, `${basename(folder)}.${process.pid}`);

const buildWatched: BuildTraining = async (spec, report, folder) => {
  const built = await buildTraining(spec, report, folder);
  return { ...built, training: watchSteps(built.training) };
};

/** Each step is in the file before the trainer gets to know of it. */
function watchSteps(training: Training): Training {
  const step = async (batch: number) => {
    const metrics = await training.step(batch);
    appendFileSync(file, encodeStep({ iteration: metrics.iteration, loss: metrics.loss, atMs: Date.now() }));
    return metrics;
  };
  return new Proxy(training, {
    get: (target, name) => {
      if (name === 'step') return step;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

process.exit(await runTrainer(process.argv[2], buildWatched));
