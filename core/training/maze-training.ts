/** Reinforcement learning of the maze. */
import type { VariantName } from '../contract/run-spec.ts';
import type { MazeParameters } from '../experiments/maze.ts';
import { drawMazePicture } from '../files/maze-picture.ts';
import {
  checkMaze,
  checkMazeLayout,
  createMazeEpisode,
  mazeActions,
  mazeInputs,
  type MazeLayout,
  type MazeOptions,
} from '../tasks/maze.ts';
import type { Place } from '../contract/maze-walls.ts';
import type { WorldEpisode } from '../tasks/world.ts';
import type { AgentSetup } from './agent-episodes.ts';
import { createAgentTraining } from './agent-training.ts';
import { agentCoreOf } from './agent-variant.ts';
import type { Helpers } from './shared-batch.ts';
import type { Training } from './training.ts';

interface WalkedMaze extends WorldEpisode {
  readonly walls: Uint8Array;
  readonly goal: Place;
  /** Where the agent was before each step. */
  readonly places: readonly Place[];
}

/** @param own every episode's reward, start and walls. @throws InputError `maze-size`, `own-maze`. */
export function createMazeTraining(
  options: MazeParameters,
  variant: VariantName,
  seed: number,
  helpers?: Helpers,
  own?: MazeLayout,
): Training {
  return createAgentTraining(
    mazeSetup(options, variant, seed, own),
    {
      draw: (episodes) => drawMazePicture(episodes),
      arrays: ({ walls, goal, places }) => ({
        walls: { dtype: 'U8', shape: [options.mazeSize + 2, options.mazeSize + 2], data: walls },
        goal: { dtype: 'I32', shape: [2], data: Int32Array.of(goal.row, goal.column) },
        places: { dtype: 'I32', shape: [places.length, 2], data: Int32Array.from(places.flatMap(({ row, column }) => [row, column])) },
      }),
      labels: (_episode, rewards) => phasesOf(rewards),
    },
    options,
    helpers,
  );
}

/** What comes before the first reward, and after each one: what is written then is another memory. */
function phasesOf(rewards: Float64Array): string[] {
  let found = 0;
  return Array.from(rewards, (reward) => {
    const label = found === 0 ? 'search' : `reward ${found}`;
    if (reward > 0) found++;
    return label;
  });
}

/** @param own every episode's reward, start and walls. @throws InputError `maze-size`, `own-maze`. */
export function mazeSetup(options: MazeParameters, variant: VariantName, seed: number, own?: MazeLayout): AgentSetup<WalkedMaze> {
  const { episodeSteps: steps } = options;
  const { mazeSize: size, reward, wallPenalty, lastActionInput } = options;
  const maze: MazeOptions = { size, steps, reward, wallPenalty: -wallPenalty, showsAction: lastActionInput === 'yes' };
  checkMaze(maze);
  if (own !== undefined) checkMazeLayout(maze, own);
  return {
    name: 'maze',
    world: {
      inputs: mazeInputs(maze.showsAction),
      actions: mazeActions,
      steps,
      begin: (random) => {
        const episode = createMazeEpisode(maze, random, own);
        const places: Place[] = [];
        const act = (action: number) => {
          places.push(episode.place);
          return episode.act(action);
        };
        return { walls: episode.walls, goal: episode.goal, places, observe: episode.observe, act };
      },
    },
    core: agentCoreOf(variant, options),
    actorCritic: { gamma: options.discount, valueWeight: options.valueWeight, concentrationWeight: options.concentrationWeight },
    seed,
  };
}
