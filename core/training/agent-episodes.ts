/** Episodes of an agent in its world, there and back, with the learned values as they are: what each thread of a training does. */
import type { EpisodeChange } from '../contract/ablation.ts';
import { createAgent, type AgentTrajectory } from '../networks/agent.ts';
import { createAgentCore, type AgentCoreOptions } from '../networks/agent-core.ts';
import type { HostGradients, LearnedValues } from '../networks/host-learned.ts';
import type { Share } from '../plasticity/small/shares.ts';
import { createRandom, type Random } from '../random.ts';
import type { World, WorldEpisode } from '../tasks/world.ts';
import { changeAgent } from './ablate-agent.ts';
import { actorCriticLoss, type ActorCriticOptions } from './actor-critic.ts';

export interface AgentSetup<Episode extends WorldEpisode = WorldEpisode> {
  readonly world: World<Episode>;
  readonly core: AgentCoreOptions;
  readonly actorCritic: ActorCriticOptions;
  readonly seed: number;
  /** Of the world, for its episodes' random streams. */
  readonly name: string;
}

export interface AgentRun<Episode extends WorldEpisode = WorldEpisode> {
  readonly trajectory: AgentTrajectory;
  readonly episode: Episode;
  /** Of each step, where the episode was watched. */
  readonly traceNorms: readonly number[];
}

/** Of some episodes: each number the mean over the whole batch's, so far as these episodes make it. */
export interface ShareResult {
  readonly gradients: HostGradients;
  readonly loss: number;
  readonly entropy: number;
  readonly reward: number;
}

export interface AgentEpisodes<Episode extends WorldEpisode = WorldEpisode> {
  /** One held-out episode. @throws InputError `ablation-not-possible` for a change that the world or the network cannot take. */
  heldOut(seed: number, watched?: boolean, change?: EpisodeChange): AgentRun<Episode>;
  /** Training episodes `first` + `from` to `first` + `to` - 1, out of a batch of that many. */
  train(first: number, share: Share, batch: number): ShareResult;
}

/** @param learned is read whenever episodes begin. */
export function createAgentEpisodes<Episode extends WorldEpisode>(
  { world, core, actorCritic, seed, name }: AgentSetup<Episode>,
  learned: LearnedValues,
): AgentEpisodes<Episode> {
  const agent = createAgent({ ...world, core }, learned, createAgentCore(core, world.steps));

  const run = (random: Random, watched: boolean, { see, ...change }: ReturnType<typeof changeAgent> = {}): AgentRun<Episode> => {
    const episode = world.begin(random);
    const traceNorms: number[] = [];
    const act = (probabilities: Float64Array) => {
      const action = sample(probabilities, random);
      return [action, episode.act(action)] as const;
    };
    const watch = watched ? (_step: number, norm: number) => traceNorms.push(norm) : undefined;
    const observe = (into: Float32Array) => {
      episode.observe(into);
      see?.(into);
    };
    return { trajectory: agent.run(world.steps, observe, act, watch, change), episode, traceNorms };
  };

  return {
    heldOut: (episodeSeed, watched = false, change = {}) => {
      agent.prepare();
      return run(createRandom(episodeSeed, 'held-out episode'), watched, changeAgent(change, core, world.steps, episodeSeed));
    },
    train: (first, { from, to }, batch) => {
      agent.prepare();
      let [loss, entropy, reward] = [0, 0, 0];
      for (let index = from; index < to; index++) {
        // Each episode has a stream of its own: it does not matter who runs it, nor with which others.
        const { trajectory } = run(createRandom(seed, `${name} episode ${first + index}`), false);
        const result = actorCriticLoss(trajectory, actorCritic, 1 / batch);
        agent.differentiate(trajectory, result.gradients);
        loss += result.loss / batch;
        entropy += result.entropy / batch;
        reward += totalReward(trajectory) / batch;
      }
      return { gradients: agent.gradients(), loss, entropy, reward };
    },
  };
}

export function totalReward({ rewards }: AgentTrajectory): number {
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
