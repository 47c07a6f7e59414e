/** What an episode of a run takes, from its plan alone: for people who have not started it yet. */
import type { RunSpec } from '../contract/run-spec.ts';
import { characterSide, readOmniglotParameters } from '../experiments/omniglot.ts';
import { kernelRows, layersFor } from '../networks/convolution.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { rankForms } from '../plasticity/cost.ts';
import { paddedWidth } from '../plasticity/layout.ts';
import { agentSetupOf } from './agent-setup.ts';
import { estimateAgent } from './estimate-agent.ts';
import { protocolSpans } from './protocol-spans.ts';
import { drawFirstEpisode, type FirstEpisode } from './first-episode.ts';

export interface EpisodeEstimate {
  readonly neurons: number;
  /** Trained numbers. */
  readonly parameters: number;
  readonly steps: number;
  readonly protocol: readonly { readonly label: string; readonly steps: number }[];
  readonly form: string;
  /** Products of an iteration, values and gradients, in floating-point operations. */
  readonly flops: number;
  /** Bytes of arrays that live at once in an iteration, parameters and optimiser included; a rough number. */
  readonly arrayBytes: number;
  /** What one more episode an iteration adds to them. */
  readonly episodeBytes: number;
  /** Bytes of a full checkpoint: parameters and two moments each. */
  readonly checkpointBytes: number;
}

const floatBytes = 4;

/** @param cores of the machine that runs it. @throws InputError where a parameter breaks its rule. */
export function estimateEpisode(spec: RunSpec, cores = 1): EpisodeEstimate {
  const agent = agentSetupOf(spec);
  if (agent !== undefined) return estimateAgent(agent, spec.batch, cores);
  if (spec.experiment === 'omniglot') return estimateFewShot(spec);
  return estimateRecall(spec, drawFirstEpisode(spec));
}

/** What the network of a recall task takes. */
interface NetworkEstimate {
  /** Trained numbers. */
  readonly trained: number;
  readonly form: string;
  readonly flops: number;
  readonly episodeBytes: number;
  /** Whatever the batch. */
  readonly fixedBytes?: number;
}

/** @param network what is known of another network than the engine's. */
export function estimateRecall(spec: RunSpec, episode: FirstEpisode, network?: NetworkEstimate): EpisodeEstimate {
  const { trained, form, flops, episodeBytes, fixedBytes = 0 } = network ?? estimateNetwork(episode, spec.batch);
  const { neurons, steps } = episode.protocol;
  return {
    neurons,
    parameters: trained,
    steps: steps.length,
    protocol: protocolSpans(episode.protocol).map(({ label, steps: length }) => ({ label, steps: length })),
    form,
    flops,
    // Parameters, gradients, two moments, and one temporary of each while Adam works.
    arrayBytes: episodeBytes * spec.batch + fixedBytes + trained * floatBytes * 5,
    episodeBytes,
    checkpointBytes: trained * floatBytes * 3,
  };
}

function estimateNetwork(episode: FirstEpisode, batch: number): NetworkEstimate {
  return episode.alphaKind === undefined ? estimateLstm(episode, batch) : estimatePlastic(episode, episode.alphaKind, batch);
}

/** Of a kernel of 3 × 3. */
const kernelPlaces = 9;

/** All images of a batch go through the convolutions at once; the layer after them is small. */
function estimateFewShot({ parameters, variant, batch, backend }: RunSpec): EpisodeEstimate {
  const { ways, shots, features } = readOmniglotParameters(parameters);
  const alphaKind = alphaKindOf(variant);
  const images = ways * shots + 1;
  const layers = layersFor(characterSide);
  let [kernels, products, outputs] = [0, 0, 0];
  for (let layer = 0, side = characterSide; layer < layers; layer++) {
    const rows = kernelRows(layer, features);
    // On WASM the gradients are composed of padded copies, one a place of the kernel, and of sums of their products.
    if (backend === 'wasm') outputs += kernelPlaces * side * side * (layer === 0 ? 1 : features);
    side = (side - 1) / 2;
    if (backend === 'wasm') outputs += (kernelPlaces - 1) * side * side * features;
    kernels += rows * features;
    products += 2 * side * side * rows * features;
    // What comes of a layer is kept for the gradients; the way back takes as much twice more.
    outputs += 3 * side * side * features;
  }
  const last = ways * features;
  const numbers = (alphaKind === 'none' ? 0 : 1) + (alphaKind === 'yoked' ? 1 : 0);
  const trained = kernels + last * (alphaKind === 'free' ? 2 : 1) + numbers;
  const episodeBytes = images * outputs * floatBytes;
  return {
    neurons: features + ways,
    parameters: trained,
    steps: images,
    protocol: [
      { label: 'presentation', steps: images - 1 },
      { label: 'question', steps: 1 },
    ],
    form: 'convolutions',
    // Forward once; backward once to what came before, and once to the kernels.
    flops: 3 * batch * images * products,
    arrayBytes: episodeBytes * batch + trained * floatBytes * 5,
    episodeBytes,
    checkpointBytes: trained * floatBytes * 3,
  };
}

function estimatePlastic({ protocol, rule }: FirstEpisode, alphaKind: NonNullable<FirstEpisode['alphaKind']>, batch: number) {
  const [best] = rankForms(protocol, { batch, alphaKind, rule });
  if (best === undefined) throw new Error('no form of the engine computes this episode');
  const { neurons, steps } = protocol;
  return {
    trained: neurons ** 2 * (alphaKind === 'free' ? 2 : 1) + (alphaKind === 'yoked' ? 1 : 0) + (alphaKind === 'none' ? 0 : 1),
    form: best.form,
    flops: best.cost.flops.forward + best.cost.flops.backward,
    // Products that are kept for the gradients, the activations of all steps, and dense traces.
    episodeBytes: ((best.cost.rows * 3 + steps.length) * neurons + best.cost.matrices * paddedWidth(neurons) ** 2) * floatBytes,
  };
}

function estimateLstm({ protocol, inputs }: FirstEpisode, batch: number) {
  const hidden = protocol.neurons - 1;
  const trained = (inputs + hidden + 1) * 4 * hidden;
  const steps = protocol.steps.length;
  const recurrent = 2 * hidden * 4 * hidden * steps;
  return {
    trained,
    form: 'lstm',
    // Forward once; backward once to what came before, and once to the weights.
    flops: 3 * recurrent * batch,
    // Four gates' drives and their squashed values, the cell and the hidden units of each step.
    episodeBytes: steps * 14 * hidden * floatBytes,
  };
}
