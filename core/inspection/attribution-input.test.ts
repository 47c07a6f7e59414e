import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../backend/cpu.ts';
import type { VariantName } from '../contract/run-spec.ts';
import { createRunSpec } from '../experiments/create-run-spec.ts';
import { readMazeParameters } from '../experiments/maze.ts';
import { createMazeTraining } from '../training/maze-training.ts';
import { createTraining } from '../training/create-training.ts';
import type { Training } from '../training/training.ts';
import { inputPart, type OutsideInput } from './attribution-input.ts';
import { splitDrive } from './attribution.ts';
import { activation, createTraceFactors } from './trace-factors.ts';

/** How far tanh of the parts' sum is from what the network did, at most. */
async function findError(training: Training, inputOf: (x: Float32Array, weights: Float32Array | undefined) => OutsideInput) {
  const { arrays, labels, rule, eta } = await training.inspect(1);
  const { w, alpha, input } = await training.weights();
  const numbers = (array: typeof w) => array!.data as Float32Array;
  const [y, modulators] = [numbers(arrays['y']), arrays['modulators'] === undefined ? {} : { modulators: numbers(arrays['modulators']) }];
  const [steps, neurons] = [labels.length, w!.shape[0]!];
  const factors = createTraceFactors({ rule: rule!, eta: eta ?? 0, steps, neurons, y, ...modulators });
  const outside = inputOf(numbers(arrays['input']), input === undefined ? undefined : numbers(input));
  let error = 0;
  for (let t = 1; t <= steps; t++) {
    // The last neuron of a recall network is its bias.
    for (let j = 0; j < neurons - 1; j++) {
      const parts = splitDrive(factors, { w: numbers(w), alpha: numbers(alpha) }, t, j, () => 'all');
      const drive = parts.w + (parts.blocks.get('all') ?? 0) + inputPart(outside, neurons, t, j);
      error = Math.max(error, Math.abs(Math.tanh(drive) - activation({ y, neurons }, t)[j]!));
    }
  }
  return error;
}

describe('what comes in from outside', () => {
  it.each<VariantName>(['free', 'modulated', 'retroactive'])(
    "completes an agent's drive, through weights of its own: %s",
    async (variant) => {
      const training = createMazeTraining(readMazeParameters({ mazeSize: 3, episodeSteps: 20, neurons: 8 }), variant, 3);
      for (let iteration = 0; iteration < 5; iteration++) await training.step(5);
      expect(await findError(training, (x, weights) => ({ x, weights: weights! }))).toBeLessThan(1e-5);
    },
  );

  it('completes that of a network which recalls bits, as it is', async () => {
    const settings = { bits: 16, patterns: 2, presentationSteps: 3, interPresentationDelay: 1, testSteps: 2, initialAlpha: 0.02 };
    const spec = createRunSpec({ experiment: 'binary', variant: 'free', seed: 3, settings });
    const training = await createTraining(spec, { kind: 'generated' }, createCpuBackend());
    expect(await findError(training, (x) => ({ x }))).toBeLessThan(1e-5);
    training.dispose();
  });
});
