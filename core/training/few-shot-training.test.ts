import { describe, expect, it } from 'vitest';
import { availableBackends } from '../backend/test-backends.ts';
import type { Backend } from '../backend/operations.ts';
import type { ParameterValue, VariantName } from '../contract/run-spec.ts';
import { drawingBytes, drawingsPerCharacter, inkPixel, type CharacterDataset } from '../data/character-images.ts';
import { generateCharacters } from '../data/generated-characters.ts';
import { createRunSpec } from '../experiments/create-run-spec.ts';
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

const specOf = (variant: VariantName, settings: Readonly<Record<string, ParameterValue>> = {}, seed = 3) =>
  createRunSpec({
    experiment: 'omniglot',
    variant,
    seed,
    settings: { ways: 2, testClasses: 4, features: 8, learningRate: 3e-3, ...settings },
  });

const start = (backend: Backend, variant: VariantName, seed?: number): Promise<Training> =>
  createTraining(specOf(variant, {}, seed), { kind: 'characters', dataset }, backend);

async function losses(training: Training, iterations: number, batch = 4): Promise<number[]> {
  const found: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) found.push((await training.step(batch)).loss);
  return found;
}

describe.each(await availableBackends())('training from few examples on $name', ({ backend }) => {
  it.each(['free', 'yoked', 'non-plastic'] as const)(
    'continues exactly, leaks nothing, evaluates without changing anything: %s',
    async (variant) => {
      const { operations } = backend;
      const before = operations.liveTensors();
      const whole = await start(backend, variant);
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
      expect([episode['images']!.shape, episode['y']!.shape, episode['hebb']!.shape]).toEqual([
        [3, 31, 31],
        [3, 2],
        [8, 2],
      ]);
      const rest = await losses(whole, 3);
      expect(operations.liveTensors()).toBe(alive);
      whole.dispose();

      const resumed = await start(backend, variant);
      await resumed.restore(saved);
      expect([resumed.iteration, resumed.episodes]).toEqual([3, 12]);
      const continued = await losses(resumed, 3);
      if (backend.deterministic) expect(continued).toEqual(rest);
      else continued.forEach((loss, index) => expect(loss).toBeCloseTo(rest[index]!, 3));
      resumed.dispose();
      expect(operations.liveTensors()).toBe(before);
    },
  );

  it('gives the same losses for the same seed, and others for another', async () => {
    const runs = [await start(backend, 'free'), await start(backend, 'free'), await start(backend, 'free', 4)];
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
