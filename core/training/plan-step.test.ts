import { describe, expect, it } from 'vitest';
import { FailureError } from '../contract/errors.ts';
import { planStep } from './plan-step.ts';

const settings = {
  learningRate: 0.5,
  learningRateDecay: 0.25,
  learningRateDecayEvery: 2,
  adamBeta1: 0.5,
  adamBeta2: 0.75,
  adamEpsilon: 0.125,
  gradientClip: 3,
};

describe('the plan of a step', () => {
  it('has the rate of its iteration and the constants of Adam with their bias correction', () => {
    expect([1, 2, 3, 5].map((iteration) => planStep(settings, iteration, 1, 1).learningRate)).toEqual([0.5, 0.5, 0.125, 0.03125]);
    // √(1 - 0.75) = 0.5, 1 - 0.5 = 0.5.
    expect(planStep(settings, 1, 1, 1).adam).toEqual({ stepSize: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 0.0625 });
  });

  it('shortens a gradient that is longer than allowed, and no other one', () => {
    expect([1, 3, 6, 0].map((norm) => planStep(settings, 1, 1, norm).shrink)).toEqual([1, 1, 0.5, 1]);
    expect(planStep({ ...settings, gradientClip: 0 }, 1, 1, 1e9).shrink).toBe(1);
  });

  it('is refused where the loss or the gradient is not finite, saying which and when', () => {
    const plan = (loss: number, norm: number) => () => planStep(settings, 7, loss, norm);
    expect(plan(NaN, NaN)).toThrow(
      new FailureError('loss-not-finite', 'the loss is not finite at iteration 7; the parameters stay as they were before it'),
    );
    expect(plan(Infinity, 1)).toThrow('the loss is not finite');
    expect(plan(1, NaN)).toThrow('the gradient is not finite at iteration 7');
    expect(plan(1, Infinity)).toThrow(expect.objectContaining({ code: 'loss-not-finite' }));
  });
});
