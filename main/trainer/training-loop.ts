/** Training, step after step, with everything that is written down on the way. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { readRunSettings } from '../../core/experiments/run-settings.ts';
import type { IterationMetrics, Training } from '../../core/training/training.ts';
import { isWeightsMark, writeCheckpoint, writeWeights } from '../run-folder/checkpoints.ts';
import { createPictures } from './draw-pictures.ts';
import { freeMemory } from './free-memory.ts';
import { createRate, type RecentMeans } from './recent-means.ts';
import type { Session } from './session.ts';
import type { StopSignal } from './stop-signal.ts';

const checkpointAtLeastEveryMs = 60_000;

/** What is counted on the way and needed at the end, whatever the end is. */
export interface Tally {
  readonly recent: RecentMeans;
  /** Seconds of training, those of earlier sessions included. */
  seconds(): number;
}

/**
 * Trains until the spec's episodes are done or somebody asks to stop; the last state is then checkpointed.
 * @param look called after each evaluation.
 */
export async function runTrainingLoop(
  training: Training,
  spec: RunSpec,
  { journal, paths }: Session,
  { recent, seconds }: Tally,
  stop: StopSignal,
  look = () => {},
): Promise<void> {
  const { evaluationEvery, evaluationEpisodes, checkpointEvery } = readRunSettings(spec);
  const { score } = experimentOf(spec);
  const rate = createRate();
  const pictures = createPictures(training, paths);
  let saved = training.iteration;
  let savedMs = performance.now();
  const checkpoint = async () => {
    // Records of what the checkpoint contains are on the disk before it is: a power cut must not leave it ahead of them.
    journal.sync();
    journal.append(await writeCheckpoint(paths.checkpoints, { saved: await training.capture(), seconds: seconds() }));
    journal.flush();
    freeMemory();
    saved = training.iteration;
    savedMs = performance.now();
  };

  while (training.episodes < spec.episodes && !stop.requested) {
    // One optimiser step; the last batch may be smaller.
    const stepMs = performance.now();
    const metrics = await training.step(Math.min(spec.batch, spec.episodes - training.episodes));
    const episodesPerSecond = rate.add(metrics.batch, (performance.now() - stepMs) / 1000);
    recent.add(metrics.batch, metrics.loss, metrics.score);
    const { iteration, episodes, batch } = metrics;
    const rssBytes = process.memoryUsage.rss();
    journal.append({
      type: 'metrics',
      iteration,
      episodes,
      batch,
      seconds: seconds(),
      episodesPerSecond,
      rssBytes,
      values: valuesOf(metrics, score.name),
    });

    // Held-out episodes.
    if (evaluationEvery > 0 && iteration % evaluationEvery === 0) {
      // It may take long, and nothing can be flushed meanwhile.
      journal.sync();
      const evaluation = await training.evaluate(evaluationEpisodes);
      // Before the record: whoever reads that looks for it.
      await pictures.draw();
      journal.append({
        type: 'evaluation',
        atMs: Date.now(),
        iteration,
        episodes,
        heldOutEpisodes: evaluation.episodes,
        loss: evaluation.loss,
        score: evaluation.score,
      });
      look();
    }

    // What outlives the process.
    if (isWeightsMark(iteration)) {
      journal.append(await writeWeights(paths.checkpoints, await training.weights(), { iteration, episodes, seconds: seconds() }));
    }
    if (iteration % checkpointEvery === 0 || performance.now() - savedMs >= checkpointAtLeastEveryMs) await checkpoint();

    // Signals and the journal's timer get their turn.
    await nextTurn();
  }

  if (training.iteration > saved) await checkpoint();
}

/** What has a curve; numbers that are not finite have none. */
function valuesOf({ loss, score, gradientNorm, learningRate, more }: IterationMetrics, scoreName: string): Record<string, number> {
  const values = { loss, [scoreName]: score, gradientNorm, learningRate, ...more };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
