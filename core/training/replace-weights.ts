/** One's own arrays in place of those that a network has learned. */
import { InputError } from '../contract/errors.ts';
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import { joinKernels } from '../networks/plastic-classifier.ts';

export interface ReplacedWeights {
  /** What can be restored; what the own arrays do not name stays as it was. */
  readonly arrays: NamedArrays;
  readonly taken: readonly string[];
  /** Those that this network has nothing for. */
  readonly unused: readonly string[];
  /** Values taken that are NaN or infinite. */
  readonly notFinite: number;
}

/**
 * @param learned as a training captures it. @param exported as `Training.weights` gives them, or some of it: float32 or float64, each of the learned array's shape; one number stands for a whole
 * `alpha`, and an `alpha` whose values are all the same for one number.
 * @throws InputError `weights-missing`, `weights-dtype`, `weights-shape`, naming the array, the rule and what was found.
 */
export function replaceWeights(learned: NamedArrays, exported: NamedArrays): ReplacedWeights {
  const own = joinKernels(exported);
  // Moments have a dot in their names.
  const names = Object.keys(learned)
    .filter((name) => !name.includes('.'))
    .sort();
  const taken = names.filter((name) => Object.hasOwn(own, name));
  if (taken.length === 0) {
    throw new InputError(
      'weights-missing',
      `the file has none of what this network learns (${names.join(', ')}); it holds ${Object.keys(own).join(', ') || 'nothing'}`,
    );
  }
  const replaced = Object.fromEntries(taken.map((name) => [name, fit(name, learned[name]!, own[name]!)]));
  const notFinite = taken.reduce((sum, name) => sum + countNotFinite(replaced[name]!.data), 0);
  const unused = Object.keys(own).filter((name) => !taken.includes(name));
  return { arrays: { ...learned, ...replaced }, taken, unused, notFinite };
}

function fit(name: string, learned: NamedArray, { dtype, shape, data }: NamedArray): NamedArray {
  if (dtype !== 'F32' && dtype !== 'F64')
    throw new InputError('weights-dtype', `${name} must be float32 or float64, and is ${dtype === 'I32' ? 'int32' : 'uint8'}`);
  const isNumber = learned.dtype === 'F64';
  const refuse = () => {
    const found = `[${shape.join(', ')}]`;
    const alsoOne = !isNumber && name === 'alpha' ? ', or one number,' : '';
    const wanted = isNumber ? 'one number' : `of shape [${learned.shape.join(', ')}]${alsoOne}`;
    const why =
      isNumber && name === 'alpha' ? `: this network's alpha is yoked, and the file's ${data.length} values are not all the same` : '';
    return new InputError('weights-shape', `${name} must be ${wanted} and has the shape ${found}${why}`);
  };
  if (isNumber) {
    const first = data[0];
    const isOne = data.length === 1 || (name === 'alpha' && data.every((value) => Object.is(value, first)));
    if (first === undefined || !isOne) throw refuse();
    return { ...learned, data: Float64Array.of(first) };
  }
  if (name === 'alpha' && data.length === 1) return { ...learned, data: new Float32Array(learned.data.length).fill(data[0]!) };
  const isFitting = shape.length === learned.shape.length && shape.every((size, at) => size === learned.shape[at]);
  if (!isFitting) throw refuse();
  return { ...learned, data: Float32Array.from(data) };
}

function countNotFinite(values: NamedArray['data']): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at]!)) count++;
  return count;
}
