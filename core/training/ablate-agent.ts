/** What is done to an agent's network while it acts in a held-out episode. */
import type { EpisodeChange } from '../contract/ablation.ts';
import type { AgentChange } from '../networks/agent.ts';
import type { AgentCoreOptions } from '../networks/agent-core.ts';
import { createRandom } from '../random.ts';
import { refuseAblation, requireStep } from './ablation-rules.ts';

export interface ChangedAgent extends AgentChange {
  /** Adds to what it sees. */
  readonly see?: ((seen: Float32Array) => void) | undefined;
}

/**
 * @param steps of an episode. @param episode its number, for the noise's stream.
 * @throws InputError `ablation-not-possible` where the world or the network has nothing of the kind.
 */
export function changeAgent(
  { presentations, noise, clearedAt }: EpisodeChange,
  core: AgentCoreOptions,
  steps: number,
  episode: number,
): ChangedAgent {
  if (presentations !== undefined)
    refuseAblation('what an agent sees follows from what it does: its episodes have no presentations to choose');
  if (clearedAt !== undefined) {
    if (core.kind === 'lstm' || core.alphaKind === 'none') refuseAblation('this network has no Hebbian trace that could be cleared');
    requireStep(clearedAt, steps);
  }
  if (noise === undefined) return { clearedAt };
  const { inputs = 0, drives = 0, seed } = noise;
  if (drives > 0 && core.kind === 'lstm') refuseAblation('an LSTM takes noise on its inputs only: its drives are those of four gates');
  const random = createRandom(seed, `noise of episode ${episode}`);
  const add = (deviation: number) => (values: Float32Array) => {
    for (let at = 0; at < values.length; at++) values[at]! += deviation * random.normal();
  };
  return { clearedAt, ...(inputs > 0 ? { see: add(inputs) } : {}), ...(drives > 0 ? { disturb: add(drives) } : {}) };
}
