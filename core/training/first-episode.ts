/** The first training episode of a run of a recall task, as its protocol: what explanations and estimates are made from. */
import type { RunSpec } from '../contract/run-spec.ts';
import { readBinaryParameters } from '../experiments/binary.ts';
import { readImagesParameters } from '../experiments/images.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import type { AlphaKind, Protocol, Rule } from '../plasticity/protocol.ts';
import { createRandom } from '../random.ts';
import { drawBinaryProtocol } from '../tasks/binary-recall.ts';
import { drawImageProtocol } from '../tasks/image-recall.ts';

export interface FirstEpisode {
  readonly protocol: Protocol;
  readonly rule: Rule;
  /** Undefined for an LSTM, which is none of the engine's networks. */
  readonly alphaKind: AlphaKind | undefined;
  /** The first neurons, which see something, and which are judged. */
  readonly inputs: number;
  readonly outputs: number;
  /** Of an LSTM: multiplies what is shown. */
  readonly inputScale: number;
}

/** @throws InputError where a parameter breaks its rule. */
export function drawFirstEpisode({ experiment, parameters, seed, variant }: RunSpec): FirstEpisode {
  const random = createRandom(seed, 'protocols');
  const alphaKind = variant === 'lstm' ? undefined : alphaKindOf(variant);
  if (experiment === 'images') {
    const options = readImagesParameters(parameters);
    const { protocol } = drawImageProtocol(options, random);
    const pixels = protocol.neurons - 1;
    return { protocol, rule: options.rule, alphaKind, inputs: pixels, outputs: pixels, inputScale: 1 };
  }
  if (experiment === 'binary') {
    const options = readBinaryParameters(parameters);
    const { bits, rule, inputGain } = options;
    const { protocol } = drawBinaryProtocol(options, random);
    return { protocol, rule, alphaKind, inputs: bits, outputs: bits, inputScale: 1 / inputGain };
  }
  throw new Error(`the experiment ${experiment} has no protocol`);
}
