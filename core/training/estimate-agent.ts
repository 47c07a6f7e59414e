/** What an episode of an agent takes. */
import { agentLayers } from '../networks/agent.ts';
import { countCoreBytes, drivesOf, hasEta } from '../networks/agent-core.ts';
import { countFusedLayerBytes } from '../plasticity/small/fused-layer.ts';
import type { AgentSetup } from './agent-episodes.ts';
import type { EpisodeEstimate } from './estimate.ts';
import { sharesOf } from './shared-batch.ts';

const floatBytes = 4;
const doubleBytes = 8;
/** Of a thread's own, that has done nothing yet. */
const threadBytes = 20e6;

/**
 * One pass over the matrices a step, forward and back; of a step only activations are kept, and at worst a trace every √T steps.
 * @param cores of the machine that runs it: each takes an episode at a time.
 */
export function estimateAgent({ name, core, world }: AgentSetup, batch: number, cores: number): EpisodeEstimate {
  const { inputs, actions, steps } = world;
  const { neurons } = core;
  const drives = drivesOf(core);
  const recurrent = neurons * drives;
  const layers = agentLayers({ inputs, actions, core }, steps);
  const others = inputs * drives + (neurons + 1) * layers.heads.outputs;
  const alphaKind = core.kind === 'plastic' ? core.alphaKind : 'none';
  const numbers = (core.kind === 'plastic' && hasEta(core) ? 1 : 0) + (alphaKind === 'yoked' ? 1 : 0);
  const trained = recurrent * (alphaKind === 'free' ? 2 : 1) + others + numbers;
  const shares = sharesOf(batch).length;
  const threads = Math.max(1, Math.min(cores, shares));
  // Layers, recurrent part, the episode as it went, a copy of what is trained and the sums of its gradients.
  const layerBytes = countFusedLayerBytes(layers.input) + countFusedLayerBytes(layers.heads);
  const went = steps * ((inputs + neurons) * floatBytes + 2 * (actions + 3) * doubleBytes);
  const threadNeeds = threadBytes + layerBytes + countCoreBytes(core, steps) + went + trained * (floatBytes + doubleBytes);
  // Multiplications and additions for each connection: the drive and the trace forward; twice as many, and the trace's gradient, back.
  const flopsAConnection = alphaKind === 'none' ? 6 : 24;
  return {
    neurons,
    parameters: trained,
    steps,
    protocol: [{ label: name, steps }],
    form: core.kind === 'lstm' ? 'lstm' : 'fused',
    flops: batch * steps * (flopsAConnection * recurrent + 6 * others),
    arrayBytes: threads * threadNeeds + shares * trained * doubleBytes + trained * floatBytes * 5,
    episodeBytes: 0,
    checkpointBytes: trained * floatBytes * 3,
  };
}
