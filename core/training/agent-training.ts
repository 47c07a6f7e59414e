/** Reinforcement learning of a world: run a batch of episodes, go back through each at once, step. */
import type { OptimiserSettings } from '../experiments/common-parameters.ts';
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import type { Picture } from '../files/png.ts';
import { createAgentLearned } from '../networks/agent.ts';
import type { HostGradients } from '../networks/host-learned.ts';
import { createRandom } from '../random.ts';
import type { WorldEpisode } from '../tasks/world.ts';
import { actorCriticLoss } from './actor-critic.ts';
import { createAgentEpisodes, totalReward, type AgentRun, type AgentSetup } from './agent-episodes.ts';
import { planStep } from './plan-step.ts';
import { addParts, sharesOf, takeShares, type Helper, type Helpers } from './shared-batch.ts';
import type { Training } from './training.ts';

/** What people see of a world. */
export interface WorldView<Episode extends WorldEpisode> {
  draw(episodes: readonly Episode[]): Picture | undefined;
  /** Of one episode, beside what every agent has. */
  arrays(episode: Episode): NamedArrays;
  /** A step each. @param rewards of the steps, [T]. */
  labels(episode: Episode, rewards: Float64Array): readonly string[];
}

const drawnEpisodes = 6;

/** @param helpers are started with the first step, and only as many as there are shares for. */
export function createAgentTraining<Episode extends WorldEpisode>(
  setup: AgentSetup<Episode>,
  view: WorldView<Episode>,
  options: OptimiserSettings,
  helpers?: Helpers,
): Training {
  const { world, core, actorCritic } = setup;
  const learned = createAgentLearned({ ...world, core }, createRandom(setup.seed, 'initial weights'));
  const agent = createAgentEpisodes(setup, learned);
  const others: Helper[] = [];
  let iteration = 0;
  let episodes = 0;

  const runBatch = async (batch: number) => {
    while (helpers !== undefined && others.length < Math.min(helpers.threads, sharesOf(batch).length) - 1) others.push(helpers.start());
    const job = { first: episodes, batch, next: new Int32Array(new SharedArrayBuffer(4)) };
    const theirs = others.map((helper) => helper.work({ ...job, values: learned.values() }));
    const own = takeShares(agent, job);
    return addParts([...own, ...(await Promise.all(theirs)).flat()], batch);
  };

  const arraysOf = ({ trajectory, episode, traceNorms }: AgentRun<Episode>): NamedArrays => {
    const numbers = (data: ArrayLike<number>, ...shape: number[]): NamedArray => ({ dtype: 'F32', shape, data: Float32Array.from(data) });
    const { steps, actions, inputs } = world;
    return {
      ...view.arrays(episode),
      actions: { dtype: 'I32', shape: [steps], data: Int32Array.from(trajectory.actions) },
      rewards: numbers(trajectory.rewards, steps),
      values: numbers(trajectory.values, steps),
      probabilities: numbers(trajectory.probabilities, steps, actions),
      modulators: numbers(trajectory.modulators, steps),
      traceNorm: numbers(traceNorms, steps),
      input: numbers(trajectory.x, steps, inputs),
      y: numbers(trajectory.y, steps, core.neurons),
    };
  };

  return {
    get iteration() {
      return iteration;
    },
    get episodes() {
      return episodes;
    },

    step: async (batch) => {
      const { gradients, loss, entropy, reward } = await runBatch(batch);
      const gradientNorm = normOf(gradients);
      const { learningRate, shrink, adam } = planStep(options, iteration + 1, loss, gradientNorm);
      learned.update(gradients, shrink, adam);
      iteration++;
      episodes += batch;
      const eta = learned.has('eta') ? { eta: learned.number('eta') } : {};
      return { iteration, episodes, batch, loss, score: reward, gradientNorm, learningRate, more: { entropy, ...eta } };
    },

    evaluate: async (count, change) => {
      await Promise.resolve();
      const trajectories = Array.from({ length: count }, (_, episodeSeed) => agent.heldOut(episodeSeed, false, change).trajectory);
      const losses = trajectories.map((trajectory) => actorCriticLoss(trajectory, actorCritic, 1).loss);
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count;
      return { episodes: count, loss: mean(losses), score: mean(trajectories.map(totalReward)), losses };
    },

    draw: () => {
      const runs = Array.from({ length: drawnEpisodes }, (_, episodeSeed) => agent.heldOut(episodeSeed, true));
      return Promise.resolve(view.draw(runs.map(({ episode }) => episode)));
    },

    exportEpisode: (episodeSeed) => Promise.resolve(arraysOf(agent.heldOut(episodeSeed, true))),
    inspect: async (episodeSeed, change) => {
      await Promise.resolve();
      const run = agent.heldOut(episodeSeed, true, change);
      const { loss } = actorCriticLoss(run.trajectory, actorCritic, 1);
      return {
        arrays: arraysOf(run),
        labels: view.labels(run.episode, run.trajectory.rewards),
        rule: core.kind === 'lstm' || core.alphaKind === 'none' ? null : core.rule,
        eta: learned.has('eta') ? learned.number('eta') : null,
        clearedAt: change?.clearedAt ?? null,
        picture: null,
        loss,
        score: totalReward(run.trajectory),
      };
    },

    weights: () => {
      const captured = learned.capture();
      return Promise.resolve(Object.fromEntries(Object.entries(captured).filter(([name]) => !name.includes('.'))));
    },
    capture: () => Promise.resolve({ arrays: learned.capture(), state: { iteration, episodes, opaque: {} } }),
    restore: ({ arrays, state }) => {
      learned.restore(arrays);
      ({ iteration, episodes } = state);
      return Promise.resolve();
    },
    liveTensors: () => 0,
    dispose: () => {
      for (const helper of others.splice(0)) helper.stop();
    },
  };
}

function normOf({ matrices, numbers }: HostGradients): number {
  let sum = Object.values(numbers).reduce((total, value) => total + value ** 2, 0);
  for (const matrix of Object.values(matrices)) for (let at = 0; at < matrix.length; at++) sum += matrix[at]! ** 2;
  return Math.sqrt(sum);
}
