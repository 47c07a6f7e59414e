/** The plastic recurrent network of the paper: w, alpha and eta with their optimiser state, on a backend. */
import { resizeMatrix } from '../plasticity/layout.ts';
import { adamNumber } from '../training/adam.ts';
import { InputError } from '../contract/errors.ts';
import type { AdamStep, Operations, Parameter, Tensor } from '../backend/operations.ts';
import type { NamedArray, NamedArrays } from '../files/safetensors.ts';
import type { PlasticNetwork } from '../plasticity/episode.ts';
import type { AlphaKind, Rule } from '../plasticity/protocol.ts';
import type { RandomStream } from '../random.ts';
import type { LearnedNumber } from '../training/adam.ts';

export interface PlasticRnnOptions {
  readonly neurons: number;
  /** Neurons as stored (see `paddedWidth`). */
  readonly width: number;
  readonly alphaKind: AlphaKind;
  readonly rule: Rule;
  /** Standard deviations before training; a yoked alpha begins at `initialAlpha`. */
  readonly initialW: number;
  readonly initialAlpha: number;
  readonly initialEta: number;
}

/** Gradients of one iteration, of which `w` and `alpha` are [width, width]. */
export interface NetworkGradients {
  readonly w: Tensor;
  readonly alpha: Tensor | undefined;
  readonly yokedAlpha: number;
  readonly eta: number;
}

export interface PlasticRnn {
  /** The network as an episode needs it. Call within `tidy`; valid until the next `update` or `restore`. */
  network(): PlasticNetwork;
  readonly eta: number;
  update(gradients: NetworkGradients, step: AdamStep): void;
  /** `w` and `alpha` [N, N] as [pre, post] (`alpha` filled with its one value when yoked, zero when non-plastic), `eta` [1]. */
  weights(): Promise<NamedArrays>;
  /** Every learned value with Adam's moments, enough to continue exactly. */
  capture(): Promise<NamedArrays>;
  /** @throws InputError `checkpoint-mismatch` naming the array that does not fit. */
  restore(arrays: NamedArrays): void;
  dispose(): void;
}

/** @param random draws w, then alpha, standard normal times the initial scale. */
export function createPlasticRnn(operations: Operations, options: PlasticRnnOptions, random: RandomStream): PlasticRnn {
  const { neurons, width, alphaKind, rule } = options;
  const size = neurons * neurons;
  const widen = (values: Float32Array) => resizeMatrix(values, neurons, width, width);
  const narrow = (values: Float32Array) => resizeMatrix(values, width, neurons, neurons);
  const square = (data: Float32Array): NamedArray => ({ dtype: 'F32', shape: [neurons, neurons], data });
  const createMatrix = (scale: number): Parameter => {
    const value = widen(Float32Array.from({ length: size }, () => scale * random.normal()));
    const zeros = () => new Float32Array(width * width);
    return operations.parameter({ value, firstMoment: zeros(), secondMoment: zeros() }, [width, width]);
  };
  const matrices: Record<string, Parameter> = { w: createMatrix(options.initialW) };
  if (alphaKind === 'free') matrices['alpha'] = createMatrix(options.initialAlpha);
  const numbers: Record<string, LearnedNumber> = {};
  const createNumber = (value: number): LearnedNumber => ({ value, firstMoment: 0, secondMoment: 0 });
  if (alphaKind !== 'none') numbers['eta'] = createNumber(options.initialEta);
  if (alphaKind === 'yoked') numbers['alpha'] = createNumber(options.initialAlpha);
  const eta = () => numbers['eta']?.value ?? options.initialEta;

  return {
    network: () => ({
      rule,
      w: matrices['w']!.value(),
      alpha: matrices['alpha']?.value() ?? numbers['alpha']?.value,
      eta: eta(),
    }),
    get eta() {
      return eta();
    },
    update: (gradients, step) => {
      matrices['w']!.adam(gradients.w, step);
      if (gradients.alpha) matrices['alpha']!.adam(gradients.alpha, step);
      if (numbers['eta']) numbers['eta'] = adamNumber(numbers['eta'], gradients.eta, step);
      if (numbers['alpha']) numbers['alpha'] = adamNumber(numbers['alpha'], gradients.yokedAlpha, step);
    },
    weights: async () => {
      const read = async (matrix: Parameter | undefined) => matrix && narrow((await matrix.read()).value);
      const alpha = await read(matrices['alpha']);
      return {
        w: square((await read(matrices['w']))!),
        alpha: square(alpha ?? new Float32Array(size).fill(numbers['alpha']?.value ?? 0)),
        eta: { dtype: 'F32', shape: [1], data: Float32Array.of(eta()) },
      };
    },
    capture: async () => {
      const arrays: Record<string, NamedArray> = {};
      for (const [name, matrix] of Object.entries(matrices)) {
        const values = await matrix.read();
        for (const part of parts) arrays[arrayName(name, part)] = square(narrow(values[part]));
      }
      for (const [name, learned] of Object.entries(numbers)) {
        for (const part of parts) arrays[arrayName(name, part)] = { dtype: 'F64', shape: [1], data: Float64Array.of(learned[part]) };
      }
      return arrays;
    },
    restore: (arrays) => {
      const read = <Data extends Float32Array | Float64Array>(
        name: string,
        length: number,
        isData: (data: unknown) => data is Data,
      ): Data => {
        const data = arrays[name]?.data;
        if (isData(data) && data.length === length) return data;
        throw new InputError('checkpoint-mismatch', `the checkpoint does not fit this network: ${name} must hold ${length} numbers`);
      };
      const matrix = (name: string) => widen(read(name, size, isSingle));
      const number = (name: string) => read(name, 1, isDouble)[0]!;
      const all = <Value>(name: string, readPart: (name: string) => Value) => ({
        value: readPart(arrayName(name, 'value')),
        firstMoment: readPart(arrayName(name, 'firstMoment')),
        secondMoment: readPart(arrayName(name, 'secondMoment')),
      });
      // Everything is checked before anything is changed.
      const newMatrices = Object.keys(matrices).map((name) => [name, all(name, matrix)] as const);
      const newNumbers = Object.keys(numbers).map((name) => [name, all(name, number)] as const);
      for (const [name, values] of newMatrices) matrices[name]!.write(values);
      for (const [name, learned] of newNumbers) numbers[name] = learned;
    },
    dispose: () => Object.values(matrices).forEach((matrix) => matrix.dispose()),
  };
}

const parts = ['value', 'firstMoment', 'secondMoment'] as const;
const arrayName = (name: string, part: (typeof parts)[number]) => (part === 'value' ? name : `${name}.${part}`);
const isSingle = (data: unknown) => data instanceof Float32Array;
const isDouble = (data: unknown) => data instanceof Float64Array;
