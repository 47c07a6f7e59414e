/** What an episode of a run takes, from its plan alone: for people who have not started it yet. */
import type { RunSpec } from '../contract/run-spec.ts';
import { readMazeParameters } from '../experiments/maze.ts';
import { characterSide, readOmniglotParameters } from '../experiments/omniglot.ts';
import { kernelRows, layersFor } from '../networks/convolution.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { drivesOf, isModulated } from '../networks/agent-core.ts';
import { rankForms } from '../plasticity/cost.ts';
import { checkMaze, mazeActions, mazeInputs } from '../tasks/maze.ts';
import { agentCoreOf } from './agent-variant.ts';
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

/** @throws InputError where a parameter breaks its rule. */
export function estimateEpisode(spec: RunSpec): EpisodeEstimate {
  if (spec.experiment === 'maze') return estimateMaze(spec);
  if (spec.experiment === 'omniglot') return estimateFewShot(spec);
  const episode = drawFirstEpisode(spec);
  const { trained, form, flops, episodeBytes } =
    episode.alphaKind === undefined ? estimateLstm(episode, spec.batch) : estimatePlastic(episode, episode.alphaKind, spec.batch);
  const { neurons, steps } = episode.protocol;
  return {
    neurons,
    parameters: trained,
    steps: steps.length,
    protocol: protocolSpans(episode.protocol).map(({ label, steps: length }) => ({ label, steps: length })),
    form,
    flops,
    // Parameters, gradients, two moments, and one temporary of each while Adam works.
    arrayBytes: episodeBytes * spec.batch + trained * floatBytes * 5,
    episodeBytes,
    checkpointBytes: trained * floatBytes * 3,
  };
}

/** All images of a batch go through the convolutions at once; the layer after them is small. */
function estimateFewShot({ parameters, variant, batch }: RunSpec): EpisodeEstimate {
  const { ways, shots, features } = readOmniglotParameters(parameters);
  const alphaKind = alphaKindOf(variant);
  const images = ways * shots + 1;
  const layers = layersFor(characterSide);
  let [kernels, products, outputs] = [0, 0, 0];
  for (let layer = 0, side = characterSide; layer < layers; layer++) {
    const rows = kernelRows(layer, features);
    side = (side - 1) / 2;
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

/** One pass over the matrices a step, forward and back; nothing but activations is kept for each step. */
function estimateMaze({ parameters, variant, batch }: RunSpec): EpisodeEstimate {
  const options = readMazeParameters(parameters);
  checkMaze({ size: options.mazeSize });
  const { neurons, episodeSteps: steps } = options;
  const core = agentCoreOf(variant, options);
  const drives = drivesOf(core);
  const recurrent = neurons * drives;
  const heads = (mazeActions + 1) * neurons + mazeActions + 1 + (isModulated(core) ? neurons + 1 : 0);
  const others = mazeInputs * drives + heads;
  const alphaKind = core.kind === 'plastic' ? core.alphaKind : 'none';
  const numbers = (alphaKind === 'none' || isModulated(core) ? 0 : 1) + (alphaKind === 'yoked' ? 1 : 0);
  const trained = recurrent * (alphaKind === 'free' ? 2 : 1) + others + numbers;
  // Multiplications and additions for each connection: the drive and the trace forward; twice as many, and the trace's gradient, back.
  const flopsAConnection = alphaKind === 'none' ? 6 : 24;
  return {
    neurons,
    parameters: trained,
    steps,
    protocol: [{ label: 'maze', steps }],
    form: core.kind === 'lstm' ? 'lstm' : 'fused',
    flops: batch * steps * (flopsAConnection * recurrent + 6 * others),
    // One episode runs at a time.
    arrayBytes: trained * floatBytes * 5 + (6 * recurrent + 5 * steps * drives) * floatBytes,
    episodeBytes: 0,
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
    // Products that are kept for the gradients, and the activations of all steps.
    episodeBytes: (best.cost.rows * 3 + steps.length) * neurons * floatBytes,
  };
}

function estimateLstm({ protocol, outputs }: FirstEpisode, batch: number) {
  const hidden = protocol.neurons - 1;
  const trained = (outputs + hidden + 1) * 4 * hidden;
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
