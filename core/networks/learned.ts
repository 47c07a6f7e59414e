/** Everything that a network learns, by name, with Adam's moments: arrays on the backend, single numbers on the host in double precision. */
import type { AdamStep, Operations, Parameter, ParameterValues, Tensor } from '../backend/operations.ts';
import { InputError } from '../contract/errors.ts';
import { elementCount, type NamedArray, type NamedArrays } from '../files/named-arrays.ts';
import { resizeMatrix } from '../plasticity/layout.ts';
import { adamNumber, type LearnedNumber } from './adam.ts';

export interface LearnedMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Rows and columns as stored, where silent ones are added. */
  readonly stored?: { readonly rows: number; readonly columns: number };
  /** [rows, columns], before training; a function is asked when it is first needed, which a restored network never does. */
  readonly initial: Float32Array | (() => Float32Array);
}

/** ∂loss/∂number is Σ tensor ∘ factors over all parts; without factors each is 1. Summed on the host in double precision. */
export interface NumberGradient {
  readonly tensor: Tensor;
  readonly factors?: Float64Array;
}

export interface Gradients {
  /** Of the stored shape. */
  readonly matrices: Readonly<Record<string, Tensor>>;
  readonly numbers: Readonly<Record<string, readonly NumberGradient[]>>;
}

export interface Learned {
  /** Of the stored shape. It must not outlive the next `update` or `restore`. */
  matrix(name: string): Tensor;
  number(name: string): number;
  has(name: string): boolean;
  update(gradients: UpdateGradients, step: AdamStep): void;
  /** The present value of a matrix, [rows, columns]. */
  read(name: string): Promise<NamedArray>;
  /** Trained numbers in all. */
  readonly count: number;
  /** Every value with its moments, enough to continue exactly. */
  capture(): Promise<NamedArrays>;
  /** @throws InputError `checkpoint-mismatch` naming the array that does not fit; nothing is changed then. */
  restore(arrays: NamedArrays): void;
  dispose(): void;
}

/** `Gradients` whose numbers are summed. */
export interface UpdateGradients {
  readonly matrices: Readonly<Record<string, Tensor>>;
  readonly numbers: Readonly<Record<string, number>>;
}

export function createLearned(
  operations: Operations,
  matrices: Readonly<Record<string, LearnedMatrix>>,
  initialNumbers: Readonly<Record<string, number>>,
): Learned {
  /** Made at once but for those that are drawn: millions of numbers take tenths of a second, and a checkpoint may replace them. */
  let made: ReadonlyMap<string, Parameter> | undefined;
  const make = (valuesOf: (name: string, matrix: LearnedMatrix) => ParameterValues) => {
    const entries = Object.entries(matrices).map(([name, matrix]): [string, Parameter] => {
      const { rows, columns } = matrix.stored ?? matrix;
      return [name, operations.parameter(valuesOf(name, matrix), [rows, columns])];
    });
    return (made = new Map(entries));
  };
  const parameters = () => made ?? make((_name, matrix) => initialValues(matrix));
  if (Object.values(matrices).every(({ initial }) => typeof initial !== 'function')) parameters();
  const numbers = new Map<string, LearnedNumber>(
    Object.entries(initialNumbers).map(([name, value]) => [name, { value, firstMoment: 0, secondMoment: 0 }]),
  );
  const known = <Value>(from: ReadonlyMap<string, Value>, name: string): Value => {
    const found = from.get(name);
    if (found === undefined) throw new RangeError(`this network learns no ${name}`);
    return found;
  };
  const asArray = (name: string, stored: Float32Array): NamedArray => {
    const { rows, columns } = matrices[name]!;
    return { dtype: 'F32', shape: [rows, columns], data: narrow(stored, matrices[name]!) };
  };
  return {
    matrix: (name) => known(parameters(), name).value(),
    number: (name) => known(numbers, name).value,
    has: (name) => name in matrices || numbers.has(name),
    update: (gradients, step) => {
      for (const [name, gradient] of Object.entries(gradients.matrices)) known(parameters(), name).adam(gradient, step);
      for (const [name, gradient] of Object.entries(gradients.numbers)) {
        numbers.set(name, adamNumber(known(numbers, name), gradient, step));
      }
    },
    // The value alone: the moments are twice as much.
    read: async (name) => {
      const tensor = operations.tidy(() => operations.keep(known(parameters(), name).value()));
      try {
        return asArray(name, (await operations.read([tensor]))[0]!);
      } finally {
        operations.dispose(tensor);
      }
    },
    count: Object.values(matrices).reduce((sum, { rows, columns }) => sum + rows * columns, numbers.size),
    capture: async () => {
      const arrays: Record<string, NamedArray> = {};
      for (const [name, parameter] of parameters()) {
        const values = await parameter.read();
        for (const part of parts) arrays[arrayName(name, part)] = asArray(name, values[part]);
      }
      for (const [name, learned] of numbers) {
        for (const part of parts) arrays[arrayName(name, part)] = { dtype: 'F64', shape: [1], data: Float64Array.of(learned[part]) };
      }
      return arrays;
    },
    restore: (arrays) => {
      // Everything is checked before anything is changed.
      const shapes = Object.entries(matrices).map(([name, { rows, columns }]) => [name, [rows, columns]] as const);
      const saved = readLearned(arrays, shapes, [...numbers.keys()]);
      const stored = (name: string) => mapParts((part) => widen(saved.matrices.get(name)![part], matrices[name]!));
      if (made === undefined) make(stored);
      else for (const [name, parameter] of made) parameter.write(stored(name));
      for (const [name, values] of saved.numbers) numbers.set(name, values);
    },
    dispose: () => made?.forEach((parameter) => parameter.dispose()),
  };
}

function initialValues(matrix: LearnedMatrix): ParameterValues {
  const value = widen(typeof matrix.initial === 'function' ? matrix.initial() : matrix.initial, matrix);
  const zeros = () => new Float32Array(value.length);
  return { value, firstMoment: zeros(), secondMoment: zeros() };
}

const widen = (values: Float32Array, { columns, ...matrix }: LearnedMatrix) => {
  const stored = matrix.stored ?? { rows: matrix.rows, columns };
  return resizeMatrix(values, columns, stored.rows, stored.columns);
};
const narrow = (values: Float32Array, { rows, columns, stored }: LearnedMatrix) =>
  resizeMatrix(values, stored?.columns ?? columns, rows, columns);

/** The parts of everything learned, as checkpoints name them. */
export const parts = ['value', 'firstMoment', 'secondMoment'] as const;
export type Part = (typeof parts)[number];
export const arrayName = (name: string, part: Part) => (part === 'value' ? name : `${name}.${part}`);

/**
 * What `capture` has saved of these matrices and numbers, and of nothing else.
 * @throws InputError `checkpoint-mismatch` naming the array that does not fit, what is needed and what was found.
 */
export function readLearned(
  arrays: NamedArrays,
  shapes: readonly (readonly [name: string, shape: readonly number[]])[],
  numbers: readonly string[],
): { readonly matrices: ReadonlyMap<string, Record<Part, Float32Array>>; readonly numbers: ReadonlyMap<string, LearnedNumber> } {
  const read = {
    matrices: new Map(shapes.map(([name, shape]) => [name, mapParts((part) => readArray(arrays, arrayName(name, part), shape, single))])),
    numbers: new Map(numbers.map((name) => [name, mapParts((part) => readArray(arrays, arrayName(name, part), [1], double)[0]!)])),
  };
  const names = [...read.matrices.keys(), ...numbers];
  const known = new Set(names.flatMap((name) => parts.map((part) => arrayName(name, part))));
  const unknown = Object.keys(arrays).find((name) => !known.has(name));
  if (unknown !== undefined) throw mismatch(`it holds ${unknown}, and this network learns ${names.join(', ')}`);
  return read;
}

const mapParts = <Value>(valueOf: (part: Part) => Value): Record<Part, Value> => ({
  value: valueOf('value'),
  firstMoment: valueOf('firstMoment'),
  secondMoment: valueOf('secondMoment'),
});

interface Precision<Data> {
  readonly dtype: NamedArray['dtype'];
  isData(data: unknown): data is Data;
}

const single: Precision<Float32Array> = { dtype: 'F32', isData: (data) => data instanceof Float32Array };
const double: Precision<Float64Array> = { dtype: 'F64', isData: (data) => data instanceof Float64Array };

function readArray<Data extends NamedArray['data']>(
  arrays: NamedArrays,
  name: string,
  shape: readonly number[],
  { dtype, isData }: Precision<Data>,
): Data {
  const length = elementCount(shape);
  const needed = `${name} must hold ${length} ${length === 1 ? 'number' : 'numbers'} (${dtype} of shape [${shape.join(', ')}])`;
  const found = arrays[name];
  if (found === undefined) throw mismatch(`${needed} and is not there`);
  const { data } = found;
  const hasShape = found.shape.length === shape.length && found.shape.every((size, at) => size === shape[at]);
  if (hasShape && data.length === length && isData(data)) return data;
  throw mismatch(`${needed} and holds ${data.length} (${found.dtype} of shape [${found.shape.join(', ')}])`);
}

function mismatch(why: string): InputError {
  return new InputError('checkpoint-mismatch', `the checkpoint does not fit this network: ${why}`);
}
