/** A learned array and Adam's moments as three tensors of a tfjs backend, replaced at each update. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamStep, Parameter, ParameterValues, Tensor } from './operations.ts';
import type { TfjsKernels } from './tfjs-operations.ts';

/** Value, first and second moment; they belong to no scope. */
type State = readonly [TensorInfo, TensorInfo, TensorInfo];

export function createTfjsParameter(kernels: TfjsKernels, initial: ParameterValues, shape: readonly number[]): Parameter {
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
    adam: (gradient, step) => replace(adamUpdate(kernels, state, gradient, step)),
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

function adamUpdate({ run, scopes, upload }: TfjsKernels, [value, first, second]: State, gradient: Tensor, step: AdamStep): State {
  const { stepSize, beta1, beta2, epsilon } = step;
  const binary = (kernel: string) => (a: Tensor, b: Tensor) => run(kernel, { a, b });
  const [add, subtract, multiply, divide] = [binary('Add'), binary('Sub'), binary('Multiply'), binary('RealDiv')];
  const number = (value: number) => upload(Float32Array.of(value), []);
  return scopes.tidy(() => {
    // Moving averages as m + (1-β)(g - m): one pass less than β m + (1-β) g.
    const nextFirst = add(first, multiply(subtract(gradient, first), number(1 - beta1)));
    const nextSecond = add(second, multiply(subtract(multiply(gradient, gradient), second), number(1 - beta2)));
    const denominator = add(run('Sqrt', { x: nextSecond }), number(epsilon));
    const next = subtract(value, multiply(divide(nextFirst, denominator), number(stepSize)));
    return [scopes.release(next), scopes.release(nextFirst), scopes.release(nextSecond)];
  });
}
