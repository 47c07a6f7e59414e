/** Applies an ablation to what a checkpoint holds. */
import type { Ablation, AlphaChange } from '../contract/ablation.ts';
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import { createRandom, shuffledIndices } from '../random.ts';
import { refuseAblation } from './ablation-rules.ts';

/**
 * The learned arrays, changed; the checkpoint's own stay as they are.
 * @throws InputError `ablation-not-possible` where the network has nothing of the kind.
 */
export function ablate(arrays: NamedArrays, { alpha: changes = [], eta }: Pick<Ablation, 'alpha' | 'eta'>): NamedArrays {
  const changed: Record<string, NamedArray> = { ...arrays };
  const learned = (name: string) => {
    const found = changed[name];
    return found ?? refuseAblation(`this network has no ${name} that could be changed`);
  };
  for (const change of changes) {
    const array = learned('alpha');
    changed['alpha'] = { ...array, data: changeAlpha(array.data, change) };
  }
  if (eta !== undefined) {
    const array = learned('eta');
    changed['eta'] = { ...array, data: Float64Array.of(eta) };
  }
  return changed;
}

function changeAlpha(alpha: NamedArray['data'], change: AlphaChange): NamedArray['data'] {
  const values = alpha.slice();
  if (change.kind === 'zero') return values.fill(0);
  if (change.kind === 'scaled') return mapInPlace(values, (value) => value * change.factor);
  if (values.length === 1) refuseAblation(`a yoked alpha is one number: it can be zero or scaled, not ${change.kind}`);
  if (change.kind === 'shuffled') {
    const places = shuffledIndices(values.length, createRandom(change.seed, 'shuffled alpha'));
    places.forEach((from, to) => (values[to] = alpha[from]!));
    return values;
  }
  const sizes = Float64Array.from(values, Math.abs);
  if (change.kind === 'thresholded') {
    const kept = sizes.slice().sort()[Math.floor(change.share * sizes.length)] ?? Infinity;
    return mapInPlace(values, (value) => (Math.abs(value) < kept ? 0 : value));
  }
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  if (largest === 0) return values;
  const step = (2 * largest) / (change.levels - 1);
  return mapInPlace(values, (value) => Math.round((value + largest) / step) * step - largest);
}

function mapInPlace(values: NamedArray['data'], map: (value: number) => number): NamedArray['data'] {
  for (let at = 0; at < values.length; at++) values[at] = map(values[at]!);
  return values;
}
