/** What a variant means for the engine. */
import type { BuiltInVariant, VariantName } from '../contract/run-spec.ts';
import type { AlphaKind } from '../plasticity/protocol.ts';

/** @throws RangeError for an LSTM and for networks of the user's, which are none of the engine's. */
export function alphaKindOf(variant: VariantName): AlphaKind {
  switch (variant as BuiltInVariant) {
    case 'free':
    case 'modulated':
    case 'retroactive':
      return 'free';
    case 'yoked':
      return 'yoked';
    case 'non-plastic':
      return 'none';
    case 'lstm':
      throw new RangeError('an LSTM has no plasticity coefficients');
    default:
      throw new RangeError(`the network ${variant} is none of the engine's`);
  }
}
