/** From a run's spec to its agent's episodes, for threads that help. */
import type { RunSpec } from '../contract/run-spec.ts';
import { readMazeParameters } from '../experiments/maze.ts';
import type { AgentSetup } from './agent-episodes.ts';
import { mazeSetup } from './maze-training.ts';

/** Undefined for experiments without an agent. @throws InputError where a parameter breaks its rule. */
export function agentSetupOf({ experiment, parameters, variant, seed }: RunSpec): AgentSetup | undefined {
  return experiment === 'maze' ? mazeSetup(readMazeParameters(parameters), variant, seed) : undefined;
}
