/** A real training that is tiny: linear regression by gradient descent, for tests of everything around a training (not used by the product). */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FailureError, InputError } from '../../../core/contract/errors.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { readImagesParameters } from '../../../core/experiments/images.ts';
import type { NamedArrays } from '../../../core/files/safetensors.ts';
import { createRandom, restoreRandom, type Random, type RandomStream } from '../../../core/random.ts';
import type { Training } from '../../../core/training/training.ts';
import type { BuildTraining } from '../build-training.ts';

const size = 4;
const truth = Float32Array.of(1, -2, 0.5, 3);

/** Learns `truth` from noisy samples, one an episode; `beforeStep` gets the iteration that is to come. */
function createLinearTraining(spec: RunSpec, beforeStep: (iteration: number) => Promise<void> = () => Promise.resolve()): Training {
  const { learningRate } = readImagesParameters(spec.parameters);
  let w: Float32Array = new Float32Array(size);
  let momentum: Float32Array = new Float32Array(size);
  let random: RandomStream = createRandom(spec.seed, 'training');
  let [iteration, episodes] = [0, 0];

  return {
    get iteration() {
      return iteration;
    },
    get episodes() {
      return episodes;
    },
    async step(batch) {
      await beforeStep(iteration + 1);
      let loss = 0;
      const gradient = new Float32Array(size);
      for (let sample = 0; sample < batch; sample++) {
        const x = Float32Array.from({ length: size }, () => random.normal());
        const error = dot(x, w) - dot(x, truth) + 0.1 * random.normal();
        loss += error ** 2 / batch;
        for (const [index, value] of x.entries()) gradient[index]! += (2 * error * value) / batch;
      }
      const gradientNorm = Math.hypot(...gradient);
      if (!Number.isFinite(loss)) throw new FailureError('loss-not-finite', `the loss became ${loss} at iteration ${iteration + 1}`);
      momentum = momentum.map((value, index) => 0.9 * value + gradient[index]!);
      w = w.map((value, index) => value - learningRate * momentum[index]!);
      iteration++;
      episodes += batch;
      return { iteration, episodes, batch, loss, score: loss / dot(truth, truth), learningRate, gradientNorm, more: { eta: 0.01 } };
    },
    evaluate: (count) => {
      const held = createRandom(0, 'evaluation');
      const losses = Array.from({ length: count }, () => errorOf(w, held) ** 2);
      const loss = losses.reduce((sum, value) => sum + value, 0) / count;
      return Promise.resolve({ episodes: count, loss, score: loss / dot(truth, truth), losses });
    },
    draw: () => Promise.resolve({ width: 2, height: 2, channels: 1, pixels: Uint8Array.from(w, (value) => 32 * value) }),
    exportEpisode: (seed) => Promise.resolve({ seed: { dtype: 'I32', shape: [1], data: Int32Array.of(seed) } }),
    inspect: (seed) =>
      Promise.resolve({
        arrays: { seed: { dtype: 'I32', shape: [1], data: Int32Array.of(seed) } },
        labels: ['sample'],
        rule: null,
        eta: null,
        clearedAt: null,
        picture: null,
        loss: 0,
        score: 0,
      }),
    weights: () => Promise.resolve({ w: vector(w), eta: { dtype: 'F32', shape: [1], data: Float32Array.of(0.01) } }),
    capture: () =>
      Promise.resolve({ arrays: { w: vector(w), 'momentum/w': vector(momentum) }, state: { iteration, episodes, opaque: random.state() } }),
    restore: ({ arrays, state }) => {
      w = floats(arrays, 'w');
      momentum = floats(arrays, 'momentum/w');
      random = restoreRandom(state.opaque as number[]);
      ({ iteration, episodes } = state);
      return Promise.resolve();
    },
    liveTensors: () => 0,
    dispose: () => {},
  };
}

/** Losses of a training that nothing interrupts. */
export async function trainWithoutInterruption(spec: RunSpec): Promise<number[]> {
  const training = createLinearTraining(spec);
  const losses: number[] = [];
  while (training.episodes < spec.episodes)
    losses.push((await training.step(Math.min(spec.batch, spec.episodes - training.episodes))).loss);
  return losses;
}

/**
 * Builds such a training. Environment variables: TEST_KILL_AT, the iteration in which the process is killed; TEST_GATE_AT and TEST_GATE, the iteration
 * that waits until this file is there; TEST_STEP_MS, what every iteration takes; TEST_DATASET, another hash for the data set.
 */
export const buildLinearTraining: BuildTraining = (spec, report) => {
  const { TEST_KILL_AT: killAt, TEST_GATE_AT: gateAt, TEST_GATE: gate = '', TEST_DATASET: sha256 = 'samples' } = process.env;
  const stepMs = Number(process.env['TEST_STEP_MS'] ?? 0);
  const beforeStep = async (iteration: number) => {
    if (stepMs > 0) await sleep(stepMs);
    if (iteration === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    while (iteration === Number(gateAt) && !existsSync(gate)) await sleep(5);
  };
  report('building a linear training');
  if (spec.dataset !== undefined) throw new InputError('dataset-missing', `there is no data set at ${spec.dataset}`);
  return Promise.resolve({
    training: createLinearTraining(spec, beforeStep),
    backend: { name: 'cpu', device: 'test', dispose: () => {} },
    dataset: { name: 'samples', format: 'photographs', sha256, note: 'drawn on the way' },
    variation: (changed) => Promise.resolve(createLinearTraining(changed)),
  });
};

function errorOf(w: Float32Array, random: Random): number {
  const x = Float32Array.from({ length: size }, () => random.normal());
  return dot(x, w) - dot(x, truth);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

function vector(data: Float32Array) {
  return { dtype: 'F32', shape: [data.length], data: data.slice() } as const;
}

function floats(arrays: NamedArrays, name: string): Float32Array {
  const array = arrays[name];
  if (!(array?.data instanceof Float32Array)) throw new InputError('checkpoint-mismatch', `the checkpoint has no array ${name}`);
  return array.data.slice();
}
