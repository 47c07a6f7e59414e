/** What a small network learns, in the host's own memory, with Adam's moments: single precision as on every backend, updated in place. */
import type { AdamStep } from '../backend/operations.ts';
import type { NamedArray, NamedArrays } from '../files/named-arrays.ts';
import { adamNumber, type LearnedNumber } from './adam.ts';
import { arrayName, parts, readLearned, type Part } from './learned.ts';

export interface HostMatrix {
  readonly shape: readonly [rows: number, columns: number];
  /** [rows, columns], before training. */
  readonly initial: Float32Array;
}

export interface HostGradients {
  readonly matrices: Readonly<Record<string, Float32Array | Float64Array>>;
  readonly numbers: Readonly<Record<string, number>>;
}

/** What has been learned, by name. */
export interface HostValues {
  readonly matrices: Readonly<Record<string, Float32Array>>;
  readonly numbers: Readonly<Record<string, number>>;
}

/** What a network reads of it. */
export interface LearnedValues {
  matrix(name: string): Float32Array;
  number(name: string): number;
}

/** The matrices are the values themselves: they change with every update. */
export interface HostLearned extends LearnedValues {
  values(): HostValues;
  has(name: string): boolean;
  update(gradients: HostGradients, scale: number, step: AdamStep): void;
  read(name: string): NamedArray;
  /** Trained numbers in all. */
  readonly count: number;
  capture(): NamedArrays;
  /** @throws InputError `checkpoint-mismatch` naming the array that does not fit; nothing is changed then. */
  restore(arrays: NamedArrays): void;
}

export function createHostLearned(
  matrices: Readonly<Record<string, HostMatrix>>,
  initialNumbers: Readonly<Record<string, number>>,
): HostLearned {
  const values = new Map<string, Record<Part, Float32Array>>(
    Object.entries(matrices).map(([name, { initial }]) => {
      const zeros = () => new Float32Array(initial.length);
      return [name, { value: initial.slice(), firstMoment: zeros(), secondMoment: zeros() }];
    }),
  );
  const numbers = new Map<string, LearnedNumber>(
    Object.entries(initialNumbers).map(([name, value]) => [name, { value, firstMoment: 0, secondMoment: 0 }]),
  );
  const asArray = (name: string, data: Float32Array): NamedArray => ({
    dtype: 'F32',
    shape: [...matrices[name]!.shape],
    data: data.slice(),
  });
  return {
    matrix: (name) => values.get(name)!.value,
    number: (name) => numbers.get(name)!.value,
    values: () => ({
      matrices: Object.fromEntries([...values].map(([name, { value }]) => [name, value])),
      numbers: Object.fromEntries([...numbers].map(([name, { value }]) => [name, value])),
    }),
    has: (name) => values.has(name) || numbers.has(name),
    update: (gradients, scale, step) => {
      for (const [name, gradient] of Object.entries(gradients.matrices)) adamMatrix(values.get(name)!, gradient, scale, step);
      for (const [name, gradient] of Object.entries(gradients.numbers)) {
        numbers.set(name, adamNumber(numbers.get(name)!, scale * gradient, step));
      }
    },
    read: (name) => asArray(name, values.get(name)!.value),
    count: [...values.values()].reduce((sum, { value }) => sum + value.length, numbers.size),
    capture: () => {
      const arrays: Record<string, NamedArray> = {};
      for (const [name, matrix] of values) for (const part of parts) arrays[arrayName(name, part)] = asArray(name, matrix[part]);
      for (const [name, learned] of numbers) {
        for (const part of parts) arrays[arrayName(name, part)] = { dtype: 'F64', shape: [1], data: Float64Array.of(learned[part]) };
      }
      return arrays;
    },
    restore: (arrays) => {
      // Everything is checked before anything is changed.
      const shapes = Object.entries(matrices).map(([name, { shape }]) => [name, shape] as const);
      const saved = readLearned(arrays, shapes, [...numbers.keys()]);
      for (const [name, matrix] of saved.matrices) for (const part of parts) values.get(name)![part].set(matrix[part]);
      for (const [name, learned] of saved.numbers) numbers.set(name, learned);
    },
  };
}

function adamMatrix(
  { value, firstMoment, secondMoment }: Record<Part, Float32Array>,
  gradient: Float32Array | Float64Array,
  scale: number,
  { stepSize, beta1, beta2, epsilon }: AdamStep,
): void {
  for (let at = 0; at < value.length; at++) {
    const g = scale * gradient[at]!;
    const m = beta1 * firstMoment[at]! + (1 - beta1) * g;
    const v = beta2 * secondMoment[at]! + (1 - beta2) * g * g;
    firstMoment[at] = m;
    secondMoment[at] = v;
    value[at]! -= (stepSize * m) / (Math.sqrt(v) + epsilon);
  }
}
