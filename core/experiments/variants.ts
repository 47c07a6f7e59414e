/** What a variant means for the engine. */
import type { VariantName } from '../contract/run-spec.ts';
import type { AlphaKind } from '../plasticity/protocol.ts';

/** @throws RangeError for an LSTM, which is none of the engine's networks. */
export function alphaKindOf(variant: VariantName): AlphaKind {
  switch (variant) {
    case 'free':
    case 'modulated':
      return 'free';
    case 'yoked':
      return 'yoked';
    case 'non-plastic':
      return 'none';
    case 'lstm':
      throw new RangeError('an LSTM has no plasticity coefficients');
  }
}
