/** What drives a neuron from outside the network: the part of its drive that no connection between neurons makes. */

export interface OutsideInput {
  /** x(1) to x(T), [T, I]. */
  readonly x: Float32Array;
  /** [I, N]; without, x(t) is added to the drives as it is, and I = N. */
  readonly weights?: Float32Array;
}

/** Σ_k x_k(t) weights_kj, or x_j(t). @param neurons N. @param t the step, from 1. @param j the neuron. */
export function inputPart({ x, weights }: OutsideInput, neurons: number, t: number, j: number): number {
  if (weights === undefined) return x[(t - 1) * neurons + j]!;
  const inputs = weights.length / neurons;
  let sum = 0;
  for (let k = 0; k < inputs; k++) sum += x[(t - 1) * inputs + k]! * weights[k * neurons + j]!;
  return sum;
}
