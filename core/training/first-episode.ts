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
  /** The neurons that see something and are judged. */
  readonly outputs: number;
}

/** @throws InputError where a parameter breaks its rule. */
export function drawFirstEpisode({ experiment, parameters, seed, variant }: RunSpec): FirstEpisode {
  const random = createRandom(seed, 'protocols');
  const alphaKind = variant === 'lstm' ? undefined : alphaKindOf(variant);
  if (experiment === 'images') {
    const options = readImagesParameters(parameters);
    const { protocol } = drawImageProtocol(options, random);
    return { protocol, rule: options.rule, alphaKind, outputs: protocol.neurons - 1 };
  }
  if (experiment === 'binary') {
    const options = readBinaryParameters(parameters);
    return { protocol: drawBinaryProtocol(options, random).protocol, rule: options.rule, alphaKind, outputs: options.bits };
  }
  throw new Error(`the experiment ${experiment} has no protocol`);
}
