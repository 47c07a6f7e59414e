/** What an episode of an agent takes. */
import { drivesOf, hasEta, isModulated } from '../networks/agent-core.ts';
import type { AgentSetup } from './agent-episodes.ts';
import type { EpisodeEstimate } from './estimate.ts';

const floatBytes = 4;

/** One pass over the matrices a step, forward and back; nothing but activations is kept for each step. */
export function estimateAgent({ name, core, world }: AgentSetup, batch: number): EpisodeEstimate {
  const { inputs, actions, steps } = world;
  const { neurons } = core;
  const drives = drivesOf(core);
  const recurrent = neurons * drives;
  const heads = (actions + 1) * neurons + actions + 1 + (isModulated(core) ? neurons + 1 : 0);
  const others = inputs * drives + heads;
  const alphaKind = core.kind === 'plastic' ? core.alphaKind : 'none';
  const numbers = (core.kind === 'plastic' && hasEta(core) ? 1 : 0) + (alphaKind === 'yoked' ? 1 : 0);
  const trained = recurrent * (alphaKind === 'free' ? 2 : 1) + others + numbers;
  // Multiplications and additions for each connection: the drive and the trace forward; twice as many, and the trace's gradient, back.
  const flopsAConnection = alphaKind === 'none' ? 6 : 24;
  return {
    neurons,
    parameters: trained,
    steps,
    protocol: [{ label: name, steps }],
    form: core.kind === 'lstm' ? 'lstm' : 'fused',
    flops: batch * steps * (flopsAConnection * recurrent + 6 * others),
    // Each thread runs one episode at a time; threads are not counted, for the machine decides how many there are.
    arrayBytes: trained * floatBytes * 5 + (6 * recurrent + 5 * steps * drives) * floatBytes,
    episodeBytes: 0,
    checkpointBytes: trained * floatBytes * 3,
  };
}
