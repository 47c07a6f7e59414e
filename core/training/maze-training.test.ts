import { describe, expect, it } from 'vitest';
import type { ParameterValue, VariantName } from '../contract/run-spec.ts';
import { createRunSpec } from '../experiments/create-run-spec.ts';
import { readMazeParameters } from '../experiments/maze.ts';
import { estimateEpisode } from './estimate.ts';
import { createMazeTraining } from './maze-training.ts';
import type { Training } from './training.ts';

const variants = ['free', 'yoked', 'non-plastic', 'lstm', 'modulated', 'retroactive'] as const;
const small = { mazeSize: 3, episodeSteps: 30, neurons: 12, learningRate: 0.01 };

function start(variant: VariantName, seed = 3, settings: Readonly<Record<string, ParameterValue>> = {}): Training {
  return createMazeTraining(readMazeParameters({ ...small, ...settings }), variant, seed);
}

async function scores(training: Training, iterations: number, batch = 5): Promise<number[]> {
  const found: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) found.push((await training.step(batch)).score);
  return found;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The setting `rule` is that of the variants that name none; the others are tried with one. */
const rulesOf = (variant: VariantName) => (['free', 'yoked'].includes(variant) ? ['oja', 'hebb'] : ['oja']);

describe.each(variants)('training in the maze, %s', (variant) => {
  it('learns', async () => {
    // A modulated trace is bounded by nothing, and its learning goes up and down: what counts is how far it comes.
    const found = await scores(start(variant, 3, { gradientClip: 10 }), 200, 10);
    const windows = Array.from({ length: 9 }, (_, at) => mean(found.slice(20 * at + 20, 20 * at + 40)));
    expect(Math.max(...windows)).toBeGreaterThan(1.3 * mean(found.slice(0, 20)));
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const [first, second, other] = [await scores(start(variant), 5), await scores(start(variant), 5), await scores(start(variant, 4), 5)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it.each(rulesOf(variant))('continues exactly from a captured state, whatever was evaluated meanwhile: %s', async (rule) => {
    const whole = start(variant, 3, { rule });
    await scores(whole, 4);
    const saved = await whole.capture();
    const rest = await scores(whole, 4);
    const resumed = start(variant, 3, { rule });
    await scores(resumed, 1);
    await resumed.restore(saved);
    expect([resumed.iteration, resumed.episodes]).toEqual([4, 20]);
    const before = await resumed.evaluate(3);
    expect(await resumed.evaluate(3)).toEqual(before);
    expect(await scores(resumed, 4)).toEqual(rest);
    expect(await resumed.capture()).toEqual(await whole.capture());
  });

  it('exports an episode and draws some', async () => {
    const training = start(variant);
    const episode = await training.exportEpisode(2);
    const { actions, rewards, places, goal, probabilities, traceNorm, y } = episode;
    expect([actions!.shape, rewards!.shape, places!.shape, probabilities!.shape, y!.shape]).toEqual([
      [30],
      [30],
      [30, 2],
      [30, 4],
      [30, 12],
    ]);
    expect(traceNorm!.data.some((value) => value > 0)).toBe(variant !== 'non-plastic' && variant !== 'lstm');
    // Each step without reward leads from its place to the next one.
    for (let t = 0; t < 29; t++) {
      const [row, column, nextRow, nextColumn] = places!.data.slice(2 * t, 2 * t + 4) as Int32Array;
      const [down, right] = [
        [-1, 0],
        [0, 1],
        [1, 0],
        [0, -1],
      ][actions!.data[t]!] as [number, number];
      const reached = [row! + down, column! + right];
      if (rewards!.data[t] === 10) expect(reached).toEqual([...goal!.data]);
      else expect([nextRow, nextColumn]).toEqual(rewards!.data[t] === 0 ? reached : [row, column]);
    }
    const picture = (await training.draw())!;
    expect(picture.pixels.length).toBe(picture.width * picture.height * 3);
  });
});

it.each(variants)('the estimate of %s counts what is trained', async (variant) => {
  const spec = createRunSpec({ experiment: 'maze', variant, settings: small });
  const arrays = Object.values(await start(variant).weights());
  expect(estimateEpisode(spec).parameters).toBe(arrays.reduce((sum, { data }) => sum + data.length, 0));
});

describe('an episode that is looked into', () => {
  it('is divided by its rewards', async () => {
    const { labels, arrays } = await start('free').inspect(2);
    const { rewards } = arrays;
    let found = 0;
    labels.forEach((label, step) => {
      expect(label).toBe(found === 0 ? 'search' : `reward ${found}`);
      if (rewards!.data[step]! > 0) found++;
    });
    expect(found).toBeGreaterThan(0);
  });
});

describe('training in the maze', () => {
  it('refuses a state that is not its own, and stays as it was', async () => {
    const training = start('free');
    const saved = await training.capture();
    const { w: _, ...others } = saved.arrays;
    expect(() => training.restore({ ...saved, arrays: others })).toThrow('w must hold 144 numbers');
    expect(await training.capture()).toEqual(saved);
  });

  it('keeps its parameters when the loss is not finite', async () => {
    const training = start('free');
    const saved = await training.capture();
    const broken = { ...saved.arrays, input: { ...saved.arrays['input']!, data: new Float32Array(12 * 12).fill(NaN) } };
    await training.restore({ ...saved, arrays: broken });
    await expect(Promise.resolve().then(() => training.step(1))).rejects.toThrow('is not finite at iteration 1');
    expect(training.iteration).toBe(0);
  });

  it('shortens the gradient to the norm that was asked for', async () => {
    const [free, clipped] = [start('free'), start('free', 3, { gradientClip: 0.01 })];
    const { gradientNorm } = await free.step(2);
    expect((await clipped.step(2)).gradientNorm).toBe(gradientNorm);
    const moments = (await clipped.capture()).arrays;
    const squares = Object.entries(moments)
      .filter(([name]) => name.endsWith('.firstMoment'))
      .flatMap(([, { data }]) => Array.from(data, (value) => (value / 0.1) ** 2));
    expect(Math.sqrt(squares.reduce((sum, value) => sum + value, 0))).toBeCloseTo(0.01, 6);
  });
});
