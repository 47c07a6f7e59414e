/** The network of arXiv 1804.02464, section 4.3: convolutions make features of an image, a plastic layer makes a label of them. */
import type { Operations, Tensor } from '../backend/operations.ts';
import { elementCount, type NamedArray, type NamedArrays } from '../files/named-arrays.ts';
import type { AlphaKind, Rule } from '../plasticity/protocol.ts';
import type { RandomStream } from '../random.ts';
import type { FewShotBatch } from '../tasks/few-shot.ts';
import { kernelRows, layersFor, runConvolutions, taps } from './convolution.ts';
import { createLearned, type Gradients, type Learned } from './learned.ts';
import {
  differentiateLayer,
  runLayer,
  type ClassifierLayer,
  type LayerEpisode,
  type LayerGradients,
  type LayerTrajectory,
} from './plastic-classifier-layer.ts';

export interface PlasticClassifierOptions {
  /** Pixels on each side of an image: 31, or another power of two less one. */
  readonly side: number;
  /** F, of every layer. */
  readonly features: number;
  /** N. */
  readonly ways: number;
  readonly labelScale: number;
  readonly alphaKind: AlphaKind;
  readonly rule: Rule;
  /** Standard deviation of w before training; alpha begins between 0 and `initialAlpha` where it is free, else with it. */
  readonly initialW: number;
  readonly initialAlpha: number;
  readonly initialEta: number;
}

/** A batch that has run. */
export interface ClassifierRun {
  readonly episodes: readonly LayerEpisode[];
  readonly trajectories: readonly LayerTrajectory[];
  /** Gradients of the mean loss. Call inside `tidy`, before the next update, and where `forGradients` was set. */
  differentiate(): Gradients;
  /** Frees what the run holds. */
  dispose(): void;
}

export interface PlasticClassifier {
  readonly learned: Learned;
  /** Of plastic networks. */
  readonly eta: number | undefined;
  /** Of a network whose connections share one. */
  readonly yokedAlpha: number | undefined;
  /** @param options `clearedAt`: see `LayerEpisode`. */
  run(batch: FewShotBatch, options: { readonly forGradients: boolean; readonly clearedAt?: number | undefined }): Promise<ClassifierRun>;
  /**
   * `kernel1` [3, 3, 1, F] and `bias1` [F], likewise of the other layers with [3, 3, F, F]; `w` and `alpha` [F, N] (`alpha` filled with its one value
   * when yoked, zero when non-plastic), `eta` [1].
   */
  weights(): Promise<NamedArrays>;
}

/**
 * @param random draws the kernels and biases layer after layer, uniform within ± 1 / √(values that a pixel sees), then w, standard normal times its
 * scale, then a free alpha, uniform.
 */
export function createPlasticClassifier(
  operations: Operations,
  options: PlasticClassifierOptions,
  random: RandomStream,
): PlasticClassifier {
  const { side, features, ways, alphaKind, rule, labelScale, initialAlpha, initialEta } = options;
  const layers = layersFor(side);
  const kernelNames = Array.from({ length: layers }, (_, layer) => `kernel${layer + 1}`);
  const draw = (rows: number, columns: number, value: () => number) => {
    return { rows, columns, initial: Float32Array.from({ length: rows * columns }, value) };
  };
  const kernels = kernelNames.map((name, layer) => {
    const rows = kernelRows(layer, features);
    const bound = 1 / Math.sqrt(rows - 1);
    return [name, draw(rows, features, () => bound * (2 * random.uniform() - 1))] as const;
  });
  const w = draw(features, ways, () => options.initialW * random.normal());
  const learned = createLearned(
    operations,
    {
      ...Object.fromEntries(kernels),
      w,
      ...(alphaKind === 'free' ? { alpha: draw(features, ways, () => initialAlpha * random.uniform()) } : {}),
    },
    alphaKind === 'none' ? {} : { eta: initialEta, ...(alphaKind === 'yoked' ? { alpha: initialAlpha } : {}) },
  );
  const eta = () => (alphaKind === 'none' ? undefined : learned.number('eta'));
  const yokedAlpha = () => (alphaKind === 'yoked' ? learned.number('alpha') : undefined);

  /** The last layer as it is now, and the features, in one wait for the device. */
  const readLayer = async (kept: Tensor): Promise<{ layer: ClassifierLayer; features: Float32Array }> => {
    const tensors = operations.tidy(() =>
      [learned.matrix('w'), ...(alphaKind === 'free' ? [learned.matrix('alpha')] : [])].map(operations.keep),
    );
    try {
      const [values, w, alpha] = await operations.read([kept, ...tensors]);
      const layer = { rule, w: w!, alpha: alpha ?? new Float64Array(w!.length).fill(yokedAlpha() ?? 0), eta: eta() ?? 0, labelScale };
      return { layer, features: values! };
    } finally {
      tensors.forEach((tensor) => operations.dispose(tensor));
    }
  };

  return {
    learned,
    get eta() {
      return eta();
    },
    get yokedAlpha() {
      return yokedAlpha();
    },

    run: async (batch, { clearedAt, ...forWhat }) => {
      const images = batch.batch * (batch.presentations + 1);
      const readKernels = () => kernelNames.map((name) => learned.matrix(name));
      const convolutions = runConvolutions(operations, readKernels, batch.images, images, side, forWhat);
      try {
        const { layer, features: values } = await readLayer(convolutions.features);
        const drawn = episodesOf(batch, values, features);
        const episodes = clearedAt === undefined ? drawn : drawn.map((episode) => ({ ...episode, clearedAt }));
        const trajectories = episodes.map((episode) => runLayer(layer, episode));
        return {
          episodes,
          trajectories,
          differentiate: () => {
            const { gradients, dFeatures } = differentiateEpisodes(layer, episodes, trajectories);
            const kernelGradients = convolutions.differentiate(operations.tensor(dFeatures, [images, features]));
            return asGradients(operations, options, kernelNames, kernelGradients, gradients);
          },
          dispose: convolutions.dispose,
        };
      } catch (error) {
        convolutions.dispose();
        throw error;
      }
    },

    weights: async () => {
      const kernels = await Promise.all(kernelNames.map((name) => learned.read(name)));
      return {
        ...Object.fromEntries(kernels.flatMap((kernel, layer) => kernelArrays(kernel, layer + 1))),
        w: await learned.read('w'),
        alpha:
          alphaKind === 'free'
            ? await learned.read('alpha')
            : array([features, ways], new Float32Array(features * ways).fill(yokedAlpha() ?? 0)),
        eta: array([1], Float32Array.of(eta() ?? initialEta)),
      };
    },
  };
}

function episodesOf({ batch, presentations, labels, targets }: FewShotBatch, values: Float32Array, features: number): LayerEpisode[] {
  const length = (presentations + 1) * features;
  return Array.from({ length: batch }, (_, episode) => ({
    features: Float64Array.from(values.subarray(episode * length, (episode + 1) * length)),
    labels: labels.subarray(episode * presentations, (episode + 1) * presentations),
    target: targets[episode]!,
  }));
}

function differentiateEpisodes(layer: ClassifierLayer, episodes: readonly LayerEpisode[], trajectories: readonly LayerTrajectory[]) {
  const size = layer.w.length;
  const gradients: LayerGradients = { w: new Float64Array(size), alpha: new Float64Array(size), eta: 0 };
  const length = episodes[0]!.features.length;
  const dFeatures = new Float32Array(episodes.length * length);
  episodes.forEach((episode, index) => {
    dFeatures.set(differentiateLayer(layer, episode, trajectories[index]!, 1 / episodes.length, gradients), index * length);
  });
  return { gradients, dFeatures };
}

function asGradients(
  { tensor }: Operations,
  { features, ways, alphaKind }: PlasticClassifierOptions,
  kernelNames: readonly string[],
  kernelGradients: readonly Tensor[],
  { w, alpha, eta }: LayerGradients,
): Gradients {
  const matrix = (values: Float64Array) => tensor(Float32Array.from(values), [features, ways]);
  const number = (value: number) => [{ tensor: tensor(Float32Array.of(value), [1]) }];
  const sum = alpha.reduce((total, value) => total + value, 0);
  return {
    matrices: {
      ...Object.fromEntries(kernelNames.map((name, layer) => [name, kernelGradients[layer]!])),
      w: matrix(w),
      ...(alphaKind === 'free' ? { alpha: matrix(alpha) } : {}),
    },
    numbers: {
      ...(alphaKind === 'none' ? {} : { eta: number(eta) }),
      ...(alphaKind === 'yoked' ? { alpha: number(sum) } : {}),
    },
  };
}

/** A kernel as other programs have it: [3, 3, inputs, F], and its bias [F]. */
function kernelArrays({ data, shape }: NamedArray, number: number): [string, NamedArray][] {
  const [rows, features] = shape as [number, number];
  const weights = (rows - 1) * features;
  return [
    [`kernel${number}`, array([3, 3, (rows - 1) / taps, features], Float32Array.from(data.subarray(0, weights)))],
    [`bias${number}`, array([features], Float32Array.from(data.subarray(weights)))],
  ];
}

/** Kernels and biases as other programs have them, as this network learns them: the bias is a kernel's last row. All else stays as it is. */
export function joinKernels(arrays: NamedArrays): NamedArrays {
  const joined = new Set<string>();
  const entries = Object.entries(arrays).map(([name, kernel]): [string, NamedArray] => {
    const biasName = name.replace(/^kernel(?=\d+$)/, 'bias');
    const [bias, features] = [arrays[biasName], kernel.shape[3]];
    if (biasName === name || bias === undefined || kernel.shape.length !== 4 || bias.shape.join() !== String(features))
      return [name, kernel];
    joined.add(biasName);
    const shape = [kernel.data.length / features! + 1, features!];
    return [name, { dtype: 'F32', shape, data: Float32Array.from([...kernel.data, ...bias.data]) }];
  });
  return Object.fromEntries(entries.filter(([name]) => !joined.has(name)));
}

function array(shape: readonly number[], data: Float32Array): NamedArray {
  if (elementCount(shape) !== data.length) throw new RangeError(`[${shape.join(', ')}] does not hold ${data.length} numbers`);
  return { dtype: 'F32', shape, data };
}
