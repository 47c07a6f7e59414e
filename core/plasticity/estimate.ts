/** What an episode of a run takes, from its plan alone: for people who have not started it yet. */
import type { RunSpec } from '../contract/run-spec.ts';
import { readImagesParameters } from '../experiments/images.ts';
import { createRandom } from '../random.ts';
import { drawImageProtocol } from '../tasks/image-reconstruction.ts';
import { rankForms } from './cost.ts';
import { alphaKinds, protocolSpans } from './explain.ts';

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

/** @throws InputError as `readImagesParameters`. */
export function estimateEpisode(spec: RunSpec): EpisodeEstimate {
  const parameters = readImagesParameters(spec.parameters);
  const { protocol } = drawImageProtocol(parameters, createRandom(spec.seed, 'protocols'));
  const alphaKind = alphaKinds[spec.variant];
  const [best] = rankForms(protocol, { batch: spec.batch, alphaKind, rule: parameters.rule });
  if (best === undefined) throw new Error('no form of the engine computes this episode');
  const { neurons, steps } = protocol;
  const trained = neurons ** 2 * (alphaKind === 'free' ? 2 : 1) + (alphaKind === 'yoked' ? 1 : 0) + (alphaKind === 'none' ? 0 : 1);
  // Products that are kept for the gradients, and the activations of all steps.
  const episodeBytes = (best.cost.rows * 3 + steps.length) * neurons * floatBytes;
  // Parameters, gradients, two moments, and one temporary of each while Adam works.
  const state = trained * floatBytes * 5;
  return {
    neurons,
    parameters: trained,
    steps: steps.length,
    protocol: protocolSpans(protocol).map(({ label, steps: length }) => ({ label, steps: length })),
    form: best.form,
    flops: best.cost.flops.forward + best.cost.flops.backward,
    arrayBytes: episodeBytes * spec.batch + state,
    episodeBytes,
    checkpointBytes: trained * floatBytes * 3,
  };
}
