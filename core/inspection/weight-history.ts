/** What training made of single connections, and of all plasticity coefficients, checkpoint by checkpoint. */
import { InputError } from '../contract/errors.ts';
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import { countBins, type Spread } from './bins.ts';

export interface WeightsOfCheckpoint {
  /** Of each synapse asked for. */
  readonly w: readonly number[];
  /** The same; empty where nothing is plastic. A yoked alpha is the same number for all. */
  readonly alpha: readonly number[];
  /** Evenly taken ones of all alpha; empty where nothing is plastic. */
  readonly sample: Float64Array;
}

/** Pre- and postsynaptic neuron. */
export type Synapse = readonly [i: number, j: number];

const sampled = 65_536;

/**
 * @param arrays what a checkpoint holds; `w` and, of plastic networks, `alpha`: [N, N] as [pre, post], or one number.
 * @throws InputError `no-matrix` where the network has no `w` of that kind, `out-of-range` where it has no such neuron.
 */
export function readWeights({ w, alpha }: NamedArrays, synapses: readonly Synapse[]): WeightsOfCheckpoint {
  const [neurons = 0, columns] = w?.shape ?? [];
  if (w === undefined || w.shape.length !== 2 || neurons !== columns)
    throw new InputError('no-matrix', 'this network has no square matrix w whose connections could be followed');
  for (const [i, j] of synapses) {
    if (i >= neurons || j >= neurons)
      throw new InputError('out-of-range', `the network has ${neurons} neurons, from 0 on: there is no synapse ${i} → ${j}`);
  }
  const values = (array: NamedArray | undefined) =>
    array === undefined ? [] : synapses.map(([i, j]) => array.data[array.data.length === 1 ? 0 : i * neurons + j]!);
  return { w: values(w), alpha: values(alpha), sample: sample(alpha?.data) };
}

/** How the samples are spread, all over the same bins. */
export function spreads(samples: readonly Float64Array[]): Spread[] {
  const sizes = samples.flatMap((values) => Array.from(values, Math.abs)).filter(Number.isFinite);
  const sorted = Float64Array.from(sizes).sort();
  // A few outliers would leave all others in the bin of zero.
  const end = 1.2 * (sorted[Math.floor(0.999 * (sorted.length - 1))] ?? 0) || 1;
  return samples.map((values) => countBins(values, end));
}

function sample(values: NamedArray['data'] = new Float64Array(0)): Float64Array {
  // An odd stride takes from every row and column of a matrix, whose sides are multiples of small numbers.
  const stride = 2 * Math.floor(values.length / sampled / 2) + 1;
  return Float64Array.from({ length: Math.ceil(values.length / stride) }, (_, at) => values[at * stride]!);
}
