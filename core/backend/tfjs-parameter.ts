/** A learned array and Adam's moments as three tensors of a tfjs backend, replaced at each update. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamStep, Parameter, ParameterValues, Tensor } from './operations.ts';
import type { TfjsKernels } from './tfjs-operations.ts';

/** Value, first and second moment; they belong to no scope. */
type State = readonly [TensorInfo, TensorInfo, TensorInfo];

/** The next state; it runs in a scope of its own. */
export type AdamUpdate = (state: State, gradient: Tensor, step: AdamStep) => State;

export function createTfjsParameter(
  kernels: TfjsKernels,
  initial: ParameterValues,
  shape: readonly number[],
  update: AdamUpdate = composeAdam(kernels),
): Parameter {
  const { scopes, share, upload } = kernels;
  const uploadAll = ({ value, firstMoment, secondMoment }: ParameterValues): State => {
    const owned = (values: Float32Array) => scopes.release(upload(values, shape));
    return [owned(value), owned(firstMoment), owned(secondMoment)];
  };
  let state = uploadAll(initial);
  const free = () => state.forEach((tensor) => scopes.dispose(tensor));
  const replace = (next: State) => {
    free();
    state = next;
  };
  return {
    shape,
    value: () => share(state[0]),
    adam: (gradient, step) =>
      replace(
        scopes.tidy(() => {
          const next = update(state, gradient, step);
          next.forEach((tensor) => scopes.release(tensor));
          return next;
        }),
      ),
    read: async () => {
      const [value, firstMoment, secondMoment] = await Promise.all([
        kernels.read(state[0]),
        kernels.read(state[1]),
        kernels.read(state[2]),
      ]);
      return { value, firstMoment, secondMoment };
    },
    write: (values) => replace(uploadAll(values)),
    dispose: free,
  };
}

function composeAdam({ run, upload }: TfjsKernels): AdamUpdate {
  const binary = (kernel: string) => (a: Tensor, b: Tensor) => run(kernel, { a, b });
  const [add, subtract, multiply, divide] = [binary('Add'), binary('Sub'), binary('Multiply'), binary('RealDiv')];
  const number = (value: number) => upload(Float32Array.of(value), []);
  return ([value, first, second], gradient, { stepSize, beta1, beta2, epsilon }) => {
    // Moving averages as m + (1-β)(g - m): one pass less than β m + (1-β) g.
    const nextFirst = add(first, multiply(subtract(gradient, first), number(1 - beta1)));
    const nextSecond = add(second, multiply(subtract(multiply(gradient, gradient), second), number(1 - beta2)));
    const denominator = add(run('Sqrt', { x: nextSecond }), number(epsilon));
    const next = subtract(value, multiply(divide(nextFirst, denominator), number(stepSize)));
    return [next, nextFirst, nextSecond];
  };
}
