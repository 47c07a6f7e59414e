/** Random episodes of small networks, and a loss to differentiate (for tests; not used by the product). */
import { createRandom } from '../../../random.ts';
import {
  isModulatedRule,
  type SmallGradients,
  type SmallRecurrent,
  type SmallRecurrentOptions,
  type SmallWeights,
  type Vector,
} from '../small-recurrent.ts';

export interface SmallEpisode {
  /** [T][N]. */
  readonly drives: readonly Vector[];
  /** m(t-1) of each step; the first is not used. */
  readonly modulators: readonly number[];
  /** The loss is Σ ∂loss/∂y(t) ∘ y(t). */
  readonly dy: readonly Vector[];
}

export interface SmallCase extends SmallRecurrentOptions, SmallEpisode {
  readonly weights: SmallWeights;
}

export function drawSmallCase(seed: number, options: SmallRecurrentOptions, eta = 0.2): SmallCase {
  const random = createRandom(seed, 'small case');
  const { neurons: n, steps, alphaKind } = options;
  const normals = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * random.normal());
  const alphaCount = { free: n * n, yoked: 1, none: 0 }[alphaKind];
  return {
    ...options,
    weights: { w: normals(n * n, 1 / Math.sqrt(n)), alpha: normals(alphaCount, 0.7), eta },
    drives: Array.from({ length: steps }, () => normals(n, 0.5)),
    modulators: Array.from({ length: steps }, () => 0.5 * random.normal()),
    dy: Array.from({ length: steps }, () => normals(n, 1)),
  };
}

export interface EpisodeResult {
  readonly loss: number;
  readonly y: readonly Vector[];
  readonly drives: readonly Vector[];
  readonly modulators: readonly number[];
  /** Of each step. */
  readonly traceNorms: readonly number[];
}

export interface SmallResult extends EpisodeResult {
  readonly gradients: SmallGradients;
}

/** The episode there and back. */
export function runEpisode(recurrent: SmallRecurrent, { drives, modulators, dy }: SmallEpisode, isModulated: boolean): EpisodeResult {
  recurrent.begin();
  const traceNorms: number[] = [];
  const y = drives.map((drive, step) => {
    const values = recurrent.step(drive, isModulated && step > 0 ? modulators[step]! : undefined).slice();
    traceNorms.push(recurrent.traceNorm());
    return values;
  });
  const back: { drive: Vector; modulator: number }[] = [];
  for (const gradient of dy.toReversed()) {
    const { drive, modulator } = recurrent.stepBack(gradient);
    back.unshift({ drive: drive.slice(), modulator });
  }
  return {
    loss: y.reduce((sum, values, step) => sum + dot(values, dy[step]!), 0),
    y,
    drives: back.map(({ drive }) => drive),
    modulators: back.map(({ modulator }) => modulator),
    traceNorms,
  };
}

/** That alone, with its own weights. */
export function runSmallCase(recurrent: SmallRecurrent, one: SmallCase): SmallResult {
  recurrent.setWeights(one.weights);
  const result = runEpisode(recurrent, one, isModulatedRule(one.rule));
  return { ...result, gradients: recurrent.gradients() };
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
