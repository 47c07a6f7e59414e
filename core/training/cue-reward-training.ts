/** Reinforcement learning of cue-reward association. */
import type { VariantName } from '../contract/run-spec.ts';
import type { CueRewardParameters } from '../experiments/cue-reward.ts';
import {
  checkCues,
  createCueRewardEpisode,
  cueRewardActions,
  cueRewardInputs,
  type CueRewardEpisode,
  type CueRewardOptions,
  type Shown,
} from '../tasks/cue-reward.ts';
import type { AgentSetup } from './agent-episodes.ts';
import { createAgentTraining } from './agent-training.ts';
import { agentCoreOf } from './agent-variant.ts';
import type { Helpers } from './shared-batch.ts';
import type { Training } from './training.ts';

/** @throws InputError `cue-count`. */
export function createCueRewardTraining(options: CueRewardParameters, variant: VariantName, seed: number, helpers?: Helpers): Training {
  return createAgentTraining(
    cueRewardSetup(options, variant, seed),
    {
      draw: () => undefined,
      arrays: ({ cues, target, shown }) => ({
        cues: { dtype: 'F32', shape: [options.cues, options.cueBits], data: Float32Array.from(cues.flatMap((cue) => [...cue])) },
        target: { dtype: 'I32', shape: [1], data: Int32Array.of(target) },
        shown: { dtype: 'I32', shape: [shown.length], data: Int32Array.from(shown, codeOf) },
      }),
      labels: ({ shown, target }) => shown.map((what) => labelOf(what, target)),
    },
    options,
    helpers,
  );
}

/** @throws InputError `cue-count`. */
export function cueRewardSetup(options: CueRewardParameters, variant: VariantName, seed: number): AgentSetup<CueRewardEpisode> {
  const { episodeSteps: steps, cues, cueBits: bits, reward } = options;
  const task: CueRewardOptions = { steps, cues, bits, reward };
  checkCues(task);
  return {
    name: 'cue-reward',
    world: {
      inputs: cueRewardInputs(task),
      actions: cueRewardActions,
      steps,
      begin: (random) => createCueRewardEpisode(task, random),
    },
    core: agentCoreOf(variant, options),
    actorCritic: { gamma: options.discount, valueWeight: options.valueWeight, concentrationWeight: options.concentrationWeight },
    seed,
  };
}

/** As the README and the experiment's page say: a cue's number, -1 for nothing, -2 for the question. */
const codeOf = (shown: Shown) => (typeof shown === 'number' ? shown : shown === 'nothing' ? -1 : -2);

function labelOf(shown: Shown, target: number): string {
  if (typeof shown !== 'number') return shown === 'nothing' ? 'blank' : 'question';
  return shown === target ? `cue ${shown + 1}, the target` : `cue ${shown + 1}`;
}
