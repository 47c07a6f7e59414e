import { expect, it } from 'vitest';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { readMazeParameters } from '../../core/experiments/maze.ts';
import { createMazeTraining } from '../../core/training/maze-training.ts';
import type { Helper, Helpers } from '../../core/training/shared-batch.ts';
import { agentThreads } from './agent-threads.ts';

const settings = { mazeSize: 3, episodeSteps: 60, neurons: 12, learningRate: 0.01 };

function start(variant: string, helpers?: Helpers) {
  return createMazeTraining(readMazeParameters(settings), variant, 5, helpers);
}

it.each(['free', 'modulated', 'lstm'])('gives the same bits on one thread and on three: %s', async (variant) => {
  const shares: number[] = [];
  const threads = agentThreads(createRunSpec({ experiment: 'maze', variant, settings, seed: 5 }), 3);
  const counted: Helpers = {
    threads: threads.threads,
    start: () => {
      const helper = threads.start();
      const work: Helper['work'] = async (job) => {
        const parts = await helper.work(job);
        shares.push(parts.length);
        return parts;
      };
      return { work, stop: helper.stop };
    },
  };
  const [alone, shared] = [start(variant), start(variant, counted)];
  for (const batch of [30, 30, 3, 30, 1]) expect(await shared.step(batch)).toEqual(await alone.step(batch));
  // Until the others have started, one thread takes everything.
  for (let round = 0; Math.max(...shares) === 0 && round < 200; round++) {
    expect(await shared.step(30)).toEqual(await alone.step(30));
  }
  expect(await shared.capture()).toEqual(await alone.capture());
  expect(Math.max(...shares)).toBeGreaterThan(0);
  shared.dispose();
});

it('fails where a thread does', async () => {
  const helper = agentThreads(createRunSpec({ experiment: 'binary' }), 2).start();
  const job = { values: { matrices: {}, numbers: {} }, first: 0, batch: 1, next: new Int32Array(new SharedArrayBuffer(4)) };
  await expect(helper.work(job)).rejects.toThrow('this experiment has no agent');
  await expect(helper.work(job)).rejects.toThrow('this experiment has no agent');
});
