/** Supervised training of learning from few examples: draw a batch, run it, go back through it, step. */
import type { Backend } from '../backend/operations.ts';
import type { EpisodeChange } from '../contract/ablation.ts';
import type { OptimiserSettings } from '../experiments/common-parameters.ts';
import { drawFewShotPicture } from '../files/few-shot-picture.ts';
import type { LayerTrajectory } from '../networks/plastic-classifier-layer.ts';
import type { ClassifierRun, PlasticClassifier } from '../networks/plastic-classifier.ts';
import { createRandom } from '../random.ts';
import type { FewShotBatch, FewShotTask } from '../tasks/few-shot.ts';
import { changeFewShot, type ChangedFewShot } from './ablate-few-shot.ts';
import { fewShotArrays } from './few-shot-arrays.ts';
import { optimise } from './optimise.ts';
import { readStream } from './saved-stream.ts';
import type { Training } from './training.ts';

const drawnEpisodes = 4;
/** Held-out episodes that go through the network at once. */
const evaluatedAtOnce = 16;

export function createFewShotTraining(
  task: FewShotTask,
  network: PlasticClassifier,
  options: OptimiserSettings,
  seed: number,
  { operations }: Backend,
): Training {
  const { learned } = network;
  let stream = createRandom(seed, 'episodes');
  let iteration = 0;
  let episodes = 0;

  /** Held-out episodes `first` to `first + count - 1`, each from a stream of its own. */
  const answer = async (
    first: number,
    count: number,
    change: EpisodeChange = {},
  ): Promise<ChangedFewShot & { readonly run: ClassifierRun }> => {
    const streams = Array.from({ length: count }, (_, index) => createRandom(first + index, 'held-out episode'));
    const drawn = task.draw('evaluation', streams);
    const { batch, numbers } = changeFewShot(drawn, change, network.eta !== undefined, first);
    const run = await network.run(batch, { forGradients: false, clearedAt: change.clearedAt });
    run.dispose();
    return { batch, numbers, run };
  };

  return {
    get iteration() {
      return iteration;
    },
    get episodes() {
      return episodes;
    },

    step: async (size) => {
      const batch = task.draw(
        'training',
        Array.from({ length: size }, () => stream),
      );

      // Forward, then backward and a step of Adam.
      const run = await network.run(batch, { forGradients: true });
      try {
        const { judgement, gradientNorm, learningRate } = await optimise(
          operations,
          learned,
          options,
          iteration + 1,
          () => ({ gradients: run.differentiate(), outputs: [] }),
          () => judge(run.trajectories, batch),
        );
        iteration++;
        episodes += size;
        const { eta, yokedAlpha } = network;
        const more = { ...(eta === undefined ? {} : { eta }), ...(yokedAlpha === undefined ? {} : { alpha: yokedAlpha }) };
        return { iteration, episodes, batch: size, loss: judgement.loss, score: judgement.accuracy, gradientNorm, learningRate, more };
      } finally {
        run.dispose();
      }
    },

    evaluate: async (count, change) => {
      const losses: number[] = [];
      let right = 0;
      for (let first = 0; first < count; first += evaluatedAtOnce) {
        const size = Math.min(evaluatedAtOnce, count - first);
        const { batch, run } = await answer(first, size, change);
        losses.push(...run.trajectories.map(({ loss }) => loss));
        right += judge(run.trajectories, batch).accuracy * size;
      }
      return { episodes: count, loss: mean(losses), score: right / count, losses };
    },

    draw: async () => {
      const { batch, run } = await answer(0, drawnEpisodes);
      return drawFewShotPicture(
        batch,
        run.trajectories.map((trajectory) => answerOf(trajectory, batch)),
      );
    },

    exportEpisode: async (episodeSeed) => {
      const { batch, run } = await answer(episodeSeed, 1);
      return fewShotArrays(batch, run.episodes[0]!, run.trajectories[0]!);
    },

    inspect: async (episodeSeed, change) => {
      const { batch, numbers, run } = await answer(episodeSeed, 1, change);
      const arrays = fewShotArrays(batch, run.episodes[0]!, run.trajectories[0]!);
      const { loss, accuracy } = judge(run.trajectories, batch);
      const labels = [...numbers.map((number) => `character ${number}`), 'question'];
      const clearedAt = change?.clearedAt ?? null;
      return { arrays, labels, rule: null, eta: network.eta ?? null, clearedAt, picture: null, loss, score: accuracy };
    },

    weights: network.weights,
    capture: async () => ({ arrays: await learned.capture(), state: { iteration, episodes, opaque: { episodes: stream.state() } } }),
    restore: (saved) => {
      const restored = readStream(saved, 'episodes');
      learned.restore(saved.arrays);
      stream = restored;
      ({ iteration, episodes } = saved.state);
      return Promise.resolve();
    },
    liveTensors: operations.liveTensors,
    dispose: learned.dispose,
  };
}

/** Mean loss, and the share of episodes whose highest output is the right label. */
function judge(trajectories: readonly LayerTrajectory[], batch: FewShotBatch): { readonly loss: number; readonly accuracy: number } {
  const right = trajectories.filter((trajectory, episode) => {
    const answers = answerOf(trajectory, batch);
    return answers.indexOf(Math.max(...answers)) === batch.targets[episode];
  });
  return { loss: mean(trajectories.map(({ loss }) => loss)), accuracy: right.length / trajectories.length };
}

/** The outputs at the question, [N]. */
function answerOf({ y }: LayerTrajectory, { ways }: FewShotBatch): Float64Array {
  return y.subarray(y.length - ways);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
