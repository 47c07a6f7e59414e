/** Reinforcement learning of the maze: run a batch of episodes, go back through each at once, step. */
import { FailureError } from '../contract/errors.ts';
import type { VariantName } from '../contract/run-spec.ts';
import type { MazeParameters } from '../experiments/maze.ts';
import { drawMazePicture } from '../files/maze-picture.ts';
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import { createAgentCore } from '../networks/agent-core.ts';
import { createAgent, createAgentLearned, type AgentOptions, type AgentTrajectory } from '../networks/agent.ts';
import type { HostGradients } from '../networks/host-learned.ts';
import { createRandom, type Random } from '../random.ts';
import { checkMaze, createMazeEpisode, mazeActions, mazeInputs, type MazeOptions, type Place } from '../tasks/maze.ts';
import { agentCoreOf } from './agent-variant.ts';
import { actorCriticLoss, type ActorCriticOptions } from './actor-critic.ts';
import { adamStep, scheduledRate } from './adam.ts';
import type { Training } from './training.ts';

const drawnEpisodes = 6;

/** An episode with where the agent was: before each step. */
interface MazeRun {
  readonly trajectory: AgentTrajectory;
  readonly goal: Place;
  readonly places: readonly Place[];
  readonly traceNorms: readonly number[];
}

/** @throws InputError `maze-size`. */
export function createMazeTraining(options: MazeParameters, variant: VariantName, seed: number): Training {
  const maze: MazeOptions = {
    size: options.mazeSize,
    steps: options.episodeSteps,
    reward: options.reward,
    wallPenalty: -options.wallPenalty,
  };
  checkMaze(maze);
  const { episodeSteps: steps } = options;
  const agentOptions: AgentOptions = { inputs: mazeInputs, actions: mazeActions, core: agentCoreOf(variant, options) };
  const learned = createAgentLearned(agentOptions, createRandom(seed, 'initial weights'));
  const agent = createAgent(agentOptions, learned, createAgentCore(agentOptions.core, steps));
  const actorCritic: ActorCriticOptions = {
    gamma: options.discount,
    valueWeight: options.valueWeight,
    concentrationWeight: options.concentrationWeight,
  };
  let iteration = 0;
  let episodes = 0;

  const runEpisode = (random: Random, watched = false): MazeRun => {
    const episode = createMazeEpisode(maze, random);
    const places: Place[] = [];
    const traceNorms: number[] = [];
    const act = (probabilities: Float64Array) => {
      if (watched) places.push(episode.place);
      const action = sample(probabilities, random);
      return [action, episode.act(action)] as const;
    };
    const watch = watched ? (_step: number, norm: number) => traceNorms.push(norm) : undefined;
    return { trajectory: agent.run(steps, episode.observe, act, watch), goal: episode.goal, places, traceNorms };
  };
  const heldOut = (episodeSeed: number, watched = false) => runEpisode(createRandom(episodeSeed, 'held-out episode'), watched);

  const observe = (episodeSeed: number): { trajectory: AgentTrajectory; arrays: NamedArrays } => {
    agent.prepare();
    const { trajectory, goal, places, traceNorms } = heldOut(episodeSeed, true);
    const numbers = (data: ArrayLike<number>, ...shape: number[]): NamedArray => ({ dtype: 'F32', shape, data: Float32Array.from(data) });
    const whole = (data: ArrayLike<number>, ...shape: number[]): NamedArray => ({ dtype: 'I32', shape, data: Int32Array.from(data) });
    return {
      trajectory,
      arrays: {
        goal: whole([goal.row, goal.column], 2),
        places: whole(
          places.flatMap(({ row, column }) => [row, column]),
          steps,
          2,
        ),
        actions: whole(trajectory.actions, steps),
        rewards: numbers(trajectory.rewards, steps),
        values: numbers(trajectory.values, steps),
        probabilities: numbers(trajectory.probabilities, steps, mazeActions),
        modulators: numbers(trajectory.modulators, steps),
        traceNorm: numbers(traceNorms, steps),
        input: numbers(trajectory.x, steps, mazeInputs),
        y: numbers(trajectory.y, steps, options.neurons),
      },
    };
  };

  return {
    get iteration() {
      return iteration;
    },
    get episodes() {
      return episodes;
    },

    step: (batch) => {
      agent.prepare();
      let [loss, reward, entropy] = [0, 0, 0];
      for (let index = 0; index < batch; index++) {
        // Each episode has a stream of its own: it does not matter who runs it, nor with which others.
        const { trajectory } = runEpisode(createRandom(seed, `maze episode ${episodes + index}`));
        const result = actorCriticLoss(trajectory, actorCritic, 1 / batch);
        agent.differentiate(trajectory, result.gradients);
        loss += result.loss / batch;
        entropy += result.entropy / batch;
        reward += totalReward(trajectory) / batch;
      }
      const gradients = agent.gradients();
      const gradientNorm = normOf(gradients);
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
        const what = Number.isFinite(loss) ? 'the gradient' : 'the loss';
        throw new FailureError(
          'loss-not-finite',
          `${what} is not finite at iteration ${iteration + 1}; the parameters stay as they were before it`,
        );
      }
      iteration++;
      episodes += batch;
      const learningRate = scheduledRate(options.learningRate, options.learningRateDecay, options.learningRateDecayEvery, iteration);
      const { adamBeta1: beta1, adamBeta2: beta2, adamEpsilon: epsilon } = options;
      const shrink = options.gradientClip > 0 ? Math.min(1, options.gradientClip / gradientNorm) : 1;
      learned.update(gradients, shrink, adamStep({ learningRate, beta1, beta2, epsilon }, iteration));
      const eta = 'eta' in gradients.numbers ? { eta: learned.number('eta') } : {};
      return Promise.resolve({ iteration, episodes, batch, loss, score: reward, gradientNorm, learningRate, more: { entropy, ...eta } });
    },

    evaluate: (count) => {
      agent.prepare();
      const losses: number[] = [];
      let reward = 0;
      for (let episodeSeed = 0; episodeSeed < count; episodeSeed++) {
        const { trajectory } = heldOut(episodeSeed);
        losses.push(actorCriticLoss(trajectory, actorCritic, 1).loss);
        reward += totalReward(trajectory);
      }
      return Promise.resolve({
        episodes: count,
        loss: losses.reduce((sum, value) => sum + value, 0) / count,
        score: reward / count,
        losses,
      });
    },

    draw: () => {
      agent.prepare();
      const runs = Array.from({ length: drawnEpisodes }, (_, episodeSeed) => heldOut(episodeSeed, true));
      return Promise.resolve(drawMazePicture(runs.map(({ goal, places }) => ({ size: maze.size, goal, places }))));
    },

    exportEpisode: (episodeSeed) => Promise.resolve(observe(episodeSeed).arrays),
    inspect: (episodeSeed) => {
      const { arrays, trajectory } = observe(episodeSeed);
      const labels = Array.from({ length: steps }, () => 'maze');
      const { loss } = actorCriticLoss(trajectory, actorCritic, 1);
      const eta = learned.has('eta') ? learned.number('eta') : null;
      const rule = variant === 'modulated' ? 'modulated' : eta === null ? null : options.rule;
      return Promise.resolve({ arrays, labels, rule, eta, picture: null, loss, score: totalReward(trajectory) });
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
    dispose: () => {},
  };
}

function totalReward({ rewards }: AgentTrajectory): number {
  return rewards.reduce((sum, reward) => sum + reward, 0);
}

function sample(probabilities: Float64Array, random: Random): number {
  let left = random.uniform();
  for (let action = 0; action < probabilities.length - 1; action++) {
    left -= probabilities[action]!;
    if (left < 0) return action;
  }
  return probabilities.length - 1;
}

function normOf({ matrices, numbers }: HostGradients): number {
  let sum = Object.values(numbers).reduce((total, value) => total + value ** 2, 0);
  for (const matrix of Object.values(matrices)) for (let at = 0; at < matrix.length; at++) sum += matrix[at]! ** 2;
  return Math.sqrt(sum);
}
