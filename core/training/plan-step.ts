/** What one step of gradient descent does, from the loss and the gradient's length alone: the same for every kind of training. */
import type { AdamStep } from '../backend/operations.ts';
import { FailureError } from '../contract/errors.ts';
import type { OptimiserSettings } from '../experiments/common-parameters.ts';
import { adamStep, scheduledRate } from '../networks/adam.ts';

export interface StepPlan {
  readonly learningRate: number;
  /** Multiplies the gradient; 1 where it is not longer than the settings allow. */
  readonly shrink: number;
  readonly adam: AdamStep;
}

/**
 * @param iteration this step's number, from 1. @param gradientNorm Euclidean norm of the whole gradient before clipping.
 * @throws FailureError `loss-not-finite`.
 */
export function planStep(settings: OptimiserSettings, iteration: number, loss: number, gradientNorm: number): StepPlan {
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
    const what = Number.isFinite(loss) ? 'the gradient' : 'the loss';
    throw new FailureError(
      'loss-not-finite',
      `${what} is not finite at iteration ${iteration}; the parameters stay as they were before it`,
    );
  }
  const learningRate = scheduledRate(settings.learningRate, settings.learningRateDecay, settings.learningRateDecayEvery, iteration);
  const { adamBeta1: beta1, adamBeta2: beta2, adamEpsilon: epsilon } = settings;
  const shrink = settings.gradientClip > 0 ? Math.min(1, settings.gradientClip / gradientNorm) : 1;
  return { learningRate, shrink, adam: adamStep({ learningRate, beta1, beta2, epsilon }, iteration) };
}
