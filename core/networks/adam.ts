/** Adam (Kingma, Ba 2015, arXiv 1412.6980): the step's constants, and the update of a single number on the host. */
import type { AdamStep } from '../backend/operations.ts';

export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The constants of optimiser step `iteration` (from 1), with the bias correction folded into step size and epsilon. */
export function adamStep({ learningRate, beta1, beta2, epsilon }: AdamOptions, iteration: number): AdamStep {
  const second = Math.sqrt(1 - beta2 ** iteration);
  return { stepSize: (learningRate * second) / (1 - beta1 ** iteration), beta1, beta2, epsilon: epsilon * second };
}

/** A learned number and its moments, in double precision. */
export interface LearnedNumber {
  readonly value: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
}

export function adamNumber(state: LearnedNumber, gradient: number, { stepSize, beta1, beta2, epsilon }: AdamStep): LearnedNumber {
  const firstMoment = beta1 * state.firstMoment + (1 - beta1) * gradient;
  const secondMoment = beta2 * state.secondMoment + (1 - beta2) * gradient * gradient;
  return { value: state.value - (stepSize * firstMoment) / (Math.sqrt(secondMoment) + epsilon), firstMoment, secondMoment };
}

/** The learning rate at optimiser step `iteration` (from 1): multiplied by `decay` every `every` steps; `every` = 0: constant. */
export function scheduledRate(initial: number, decay: number, every: number, iteration: number): number {
  return every === 0 ? initial : initial * decay ** Math.floor((iteration - 1) / every);
}
