import { describe, expect, it } from 'vitest';
import { availableBackends } from '../backend/test-backends.ts';
import type { Backend } from '../backend/operations.ts';
import type { ParameterValue, VariantName } from '../contract/run-spec.ts';
import { drawingBytes, drawingsPerCharacter, inkPixel, type CharacterDataset } from '../data/character-images.ts';
import { generateCharacters } from '../data/generated-characters.ts';
import { FailureError } from '../contract/errors.ts';
import { createRunSpec } from '../experiments/create-run-spec.ts';
import { runPlain } from '../networks/test-support/plain-classifier.ts';
import { createRandom } from '../random.ts';
import { createTraining } from './create-training.ts';
import { estimateEpisode } from './estimate.ts';
import type { Training } from './training.ts';

/** Characters of two strokes; each drawing is a little displaced. */
function createDataset(): CharacterDataset {
  const random = createRandom(8, 'characters');
  const characters = Array.from({ length: 20 }, (_, index) => {
    const strokes = Array.from({ length: 2 }, () => [20, 20, 60, 60].map((from) => from + random.integer(0, 30)));
    const drawings = Array.from({ length: drawingsPerCharacter }, () => {
      const bytes = new Uint8Array(drawingBytes);
      const [right, down] = [random.integer(-4, 4), random.integer(-4, 4)];
      for (const [x0, y0, x1, y1] of strokes as [number, number, number, number][]) {
        for (let at = 0; at <= 100; at++) {
          const [x, y] = [x0 + ((x1 - x0) * at) / 100 + right, y0 + ((y1 - y0) * at) / 100 + down].map(Math.round) as [number, number];
          for (const [a, b] of [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
          ] as const)
            inkPixel(bytes, y + b, x + a);
        }
      }
      return bytes;
    });
    return { alphabet: 'strokes', name: `character${index}`, drawings };
  });
  return { name: 'strokes', format: 'characters', sha256: '', characters, note: '' };
}
const dataset = createDataset();

type Settings = Readonly<Record<string, ParameterValue>>;

const specOf = (variant: VariantName, settings: Settings = {}, seed = 3) =>
  createRunSpec({
    experiment: 'omniglot',
    variant,
    seed,
    settings: { ways: 2, testClasses: 4, features: 8, learningRate: 3e-3, ...settings },
  });

const start = (backend: Backend, variant: VariantName, settings?: Settings, seed?: number): Promise<Training> =>
  createTraining(specOf(variant, settings, seed), { kind: 'characters', dataset }, backend);

/** A beginning in which the trace matters, and labels that do not decide alone. */
const traced = { initialW: 0.3, initialAlpha: 1, initialEta: 0.3, labelScale: 3 };

/** Losses of the first iterations, as they were when this was written. */
const known: readonly (readonly [name: string, VariantName, Settings, losses: readonly number[]])[] = [
  ['free, oja', 'free', {}, [0.717237, 0.703582, 0.909284, 0.691447]],
  ['free, hebb', 'free', { rule: 'hebb' }, [0.717607, 0.706214, 0.904195, 0.691187]],
  ['yoked, oja, two shots', 'yoked', { shots: 2 }, [0.661263, 0.592101, 0.563628, 0.95198]],
  ['non-plastic', 'non-plastic', {}, [0.719247, 0.702909, 0.900113, 0.691861]],
];

async function losses(training: Training, iterations: number, batch = 4): Promise<number[]> {
  const found: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) found.push((await training.step(batch)).loss);
  return found;
}

describe.each(await availableBackends())('training from few examples on $name', ({ backend }) => {
  it.each(known)('continues exactly, leaks nothing, evaluates without changing anything: %s', async (_, variant, settings) => {
    const { operations } = backend;
    const before = operations.liveTensors();
    const whole = await start(backend, variant, { ...traced, ...settings });
    const alive = operations.liveTensors();
    await losses(whole, 3);
    const saved = await whole.capture();
    const evaluation = await whole.evaluate(20);
    expect(await whole.evaluate(20)).toEqual(evaluation);
    expect(evaluation.losses.length).toBe(20);
    expect(evaluation.score * 20).toBeCloseTo(Math.round(evaluation.score * 20), 9);
    const picture = (await whole.draw())!;
    expect(picture.pixels.length).toBe(picture.width * picture.height * picture.channels);
    const episode = await whole.exportEpisode(5);
    const shown = 2 * Number(settings['shots'] ?? 1);
    expect([episode['images']!.shape, episode['y']!.shape, episode['hebb']!.shape]).toEqual([
      [shown + 1, 31, 31],
      [shown + 1, 2],
      [8, 2],
    ]);
    const rest = await losses(whole, 3);
    expect(operations.liveTensors()).toBe(alive);
    whole.dispose();

    const resumed = await start(backend, variant, { ...traced, ...settings });
    await resumed.restore(saved);
    expect([resumed.iteration, resumed.episodes]).toEqual([3, 12]);
    const continued = await losses(resumed, 3);
    if (backend.deterministic) expect(continued).toEqual(rest);
    else continued.forEach((loss, index) => expect(loss).toBeCloseTo(rest[index]!, 3));
    resumed.dispose();
    expect(operations.liveTensors()).toBe(before);
  });

  it.each(known)('gives the losses that it always gave: %s', async (_, variant, settings, expected) => {
    const training = await start(backend, variant, { ...traced, ...settings });
    const found = await losses(training, expected.length);
    training.dispose();
    found.forEach((loss, index) => expect(loss).toBeCloseTo(expected[index]!, 4));
  });

  it('gives the same losses for the same seed, and others for another', async () => {
    const runs = [await start(backend, 'free'), await start(backend, 'free'), await start(backend, 'free', {}, 4)];
    const [first, second, other] = [await losses(runs[0]!, 3), await losses(runs[1]!, 3), await losses(runs[2]!, 3)];
    if (backend.deterministic) expect(second).toEqual(first);
    expect(other).not.toEqual(first);
    runs.forEach((run) => run.dispose());
  });
});

describe('training from few examples', async () => {
  // The first is the fastest.
  const { backend } = (await availableBackends())[0]!;

  it('is no more than guessing without plasticity, and much more with it', async () => {
    const generated = { ...dataset, characters: generateCharacters().slice(0, 40) };
    const accuracy = async (variant: VariantName) => {
      const settings = { ways: 3, testClasses: 8, features: 16 };
      const spec = createRunSpec({ experiment: 'omniglot', preset: 'quick', variant, settings });
      const training = await createTraining(spec, { kind: 'characters', dataset: generated }, backend);
      const scores: number[] = [];
      for (let iteration = 0; iteration < 400; iteration++) scores.push((await training.step(16)).score);
      training.dispose();
      return scores.slice(-100).reduce((sum, score) => sum + score, 0) / 100;
    };
    expect(await accuracy('non-plastic')).toBeLessThan(0.4);
    expect(await accuracy('free')).toBeGreaterThan(0.5);
  }, 120_000);

  it('exports an episode that its own weights reproduce by the paper’s equations', async () => {
    // With labels that do not decide alone, so that every term counts.
    const spec = specOf('free', { labelScale: 2, initialAlpha: 1, initialEta: 0.3, initialW: 0.5, ways: 3 });
    const training = await createTraining(spec, { kind: 'characters', dataset }, backend);
    await losses(training, 2);
    const arrays = await training.weights();
    const values = (name: string) => Float64Array.from(arrays[name]!.data);
    const layers = [1, 2, 3, 4];
    const network = {
      rule: 'oja' as const,
      labelScale: 2,
      features: 8,
      kernels: layers.map((layer) => values(`kernel${layer}`)),
      biases: layers.map((layer) => values(`bias${layer}`)),
      w: values('w'),
      alpha: values('alpha'),
      eta: values('eta')[0]!,
    };
    const { images, labels, target, features, y, hebb, loss } = await training.exportEpisode(7);
    training.dispose();
    const plain = runPlain(network, { images: images!.data, side: 31, labels: labels!.data, target: target!.data[0]! });
    plain.features.forEach((row, image) => row.forEach((value, at) => expect(features!.data[image * 8 + at]).toBeCloseTo(value, 5)));
    plain.y.forEach((value, label) => expect(y!.data[9 + label]).toBeCloseTo(value, 5));
    plain.hebb.forEach((value, at) => expect(hebb!.data[at]).toBeCloseTo(value, 5));
    expect(loss!.data[0]).toBeCloseTo(plain.loss, 5);
  });

  it('keeps its parameters when the loss is not finite', async () => {
    const training = await start(backend, 'free');
    const saved = await training.capture();
    const broken = { ...saved.arrays['kernel2']!, data: new Float32Array(saved.arrays['kernel2']!.data.length).fill(Number.NaN) };
    await training.restore({ ...saved, arrays: { ...saved.arrays, kernel2: broken } });
    const alive = training.liveTensors();
    await expect(training.step(1)).rejects.toThrow(FailureError);
    expect([training.iteration, training.liveTensors()]).toEqual([0, alive]);
    await training.restore(saved);
    expect((await training.step(1)).iteration).toBe(1);
    training.dispose();
  });

  it('refuses a state that is not its own, and stays as it was', async () => {
    const training = await start(backend, 'free');
    const saved = await training.capture();
    const { kernel3: _, ...without } = saved.arrays;
    const restore = (state: typeof saved) => Promise.resolve().then(() => training.restore(state));
    await expect(restore({ ...saved, arrays: without })).rejects.toThrow('kernel3 must hold 584 numbers');
    await expect(restore({ ...saved, state: { ...saved.state, opaque: {} } })).rejects.toThrow('random stream');
    expect(await training.capture()).toEqual(saved);
    training.dispose();
  });

  it('is estimated with the parameters that it has', async () => {
    for (const variant of ['free', 'yoked', 'non-plastic'] as const) {
      const training = await createTraining(specOf(variant), { kind: 'characters', dataset }, backend);
      const { arrays } = await training.capture();
      const count = Object.entries(arrays).reduce((sum, [name, { data }]) => sum + (name.includes('.') ? 0 : data.length), 0);
      expect(estimateEpisode(specOf(variant)).parameters).toBe(count);
      training.dispose();
    }
  });
});
