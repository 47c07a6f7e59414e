/** One step of gradient descent of any network: run, judge, and change the parameters if all is finite. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { OptimiserSettings } from '../experiments/common-parameters.ts';
import type { Gradients, Learned, NumberGradient } from '../networks/learned.ts';
import { planStep } from './plan-step.ts';

/** What a forward and a backward pass leave behind, made inside `tidy`. */
export interface Pass {
  readonly gradients: Gradients;
  /** What the host must see of it to judge. */
  readonly outputs: readonly Tensor[];
}

export interface Optimised<Judgement> {
  readonly judgement: Judgement;
  /** Euclidean norm of the whole gradient before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/**
 * @param iteration this step's number, from 1.
 * @param judge the loss, and whatever else, from the values of `outputs`.
 * @throws FailureError `loss-not-finite`; the parameters are then unchanged.
 */
export async function optimise<Judgement extends { readonly loss: number }>(
  operations: Operations,
  learned: Learned,
  settings: OptimiserSettings,
  iteration: number,
  run: () => Pass,
  judge: (outputs: readonly Float32Array[]) => Judgement,
): Promise<Optimised<Judgement>> {
  const kept = operations.tidy(() => {
    const { gradients, outputs } = run();
    const squares = Object.values(gradients.matrices).map(operations.sumSquares);
    for (const tensor of [...Object.values(gradients.matrices), ...tensorsOf(gradients.numbers), ...outputs, ...squares]) {
      operations.keep(tensor);
    }
    return { gradients, outputs, squares };
  });
  const { gradients, outputs, squares } = kept;
  const parts = tensorsOf(gradients.numbers);
  try {
    // In one wait for the device.
    const values = await operations.read([...outputs, ...squares, ...parts]);
    const judgement = judge(values.slice(0, outputs.length));
    const numbers = sumNumbers(gradients.numbers, values.slice(outputs.length + squares.length));
    const squaredNorm =
      values.slice(outputs.length, outputs.length + squares.length).reduce((sum, part) => sum + part[0]!, 0) +
      Object.values(numbers).reduce((sum, value) => sum + value ** 2, 0);
    const gradientNorm = Math.sqrt(squaredNorm);

    const { learningRate, shrink, adam } = planStep(settings, iteration, judgement.loss, gradientNorm);
    operations.tidy(() => {
      learned.update(clip(operations, gradients.matrices, numbers, shrink), adam);
    });
    return { judgement, gradientNorm, learningRate };
  } finally {
    for (const tensor of [...Object.values(gradients.matrices), ...parts, ...outputs, ...squares]) operations.dispose(tensor);
  }
}

function clip(
  { scale }: Operations,
  matrices: Gradients['matrices'],
  numbers: Readonly<Record<string, number>>,
  shrink: number,
): { matrices: Gradients['matrices']; numbers: Readonly<Record<string, number>> } {
  if (shrink === 1) return { matrices, numbers };
  return {
    matrices: mapValues(matrices, (gradient) => scale(gradient, shrink)),
    numbers: mapValues(numbers, (gradient) => gradient * shrink),
  };
}

function tensorsOf(numbers: Gradients['numbers']): Tensor[] {
  return Object.values(numbers).flatMap((parts) => parts.map(({ tensor }) => tensor));
}

/** @param values of `tensorsOf(numbers)`, in its order. */
function sumNumbers(numbers: Gradients['numbers'], values: readonly Float32Array[]): Record<string, number> {
  let at = 0;
  const sum = ({ factors }: NumberGradient) => {
    const part = values[at++]!;
    return part.reduce((total, value, index) => total + value * (factors?.[index] ?? 1), 0);
  };
  return mapValues(numbers, (parts) => parts.reduce((total, part) => total + sum(part), 0));
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
