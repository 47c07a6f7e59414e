/** From a run's spec to its agent's episodes, for threads that help. */
import type { RunSpec } from '../contract/run-spec.ts';
import { readCueRewardParameters } from '../experiments/cue-reward.ts';
import { readMazeParameters } from '../experiments/maze.ts';
import type { AgentSetup } from './agent-episodes.ts';
import { cueRewardSetup } from './cue-reward-training.ts';
import { mazeSetup } from './maze-training.ts';

/** Undefined for experiments without an agent. @throws InputError where a parameter breaks its rule. */
export function agentSetupOf({ experiment, parameters, variant, seed }: RunSpec): AgentSetup | undefined {
  if (experiment === 'maze') return mazeSetup(readMazeParameters(parameters), variant, seed);
  if (experiment === 'cue-reward') return cueRewardSetup(readCueRewardParameters(parameters), variant, seed);
  return undefined;
}
