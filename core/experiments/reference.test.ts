import { describe, expect, it } from 'vitest';
import { createRunSpec } from './create-run-spec.ts';
import { binary } from './binary.ts';
import { images } from './images.ts';
import { experiments } from './index.ts';
import { bandAt } from '../contract/verdict.ts';
import { findReference, judge } from './reference.ts';

const imagesRun = createRunSpec({ experiment: 'images' });
const stand = (episodes: number, loss: number, dataset = 'cifar-10-binary') =>
  judge(images, imagesRun, { episodes, loss, score: 0, dataset });

describe('a verdict', () => {
  it.each([
    [100, 60, 'not-yet'],
    [500, 40, 'within'],
    [500, 31, 'better'],
    [40_000, 15, 'within'],
    [100_000, 19, 'not-yet'],
    [40_000, 11, 'better'],
    [2000, 72, 'not-learning'],
    [2000, Number.NaN, 'not-learning'],
    [500, 72, 'not-yet'],
  ] as const)('after %d episodes with a loss of %d: %s', (episodes, loss, kind) => {
    expect(stand(episodes, loss).kind).toBe(kind);
  });

  it('says what was expected, and for which data', () => {
    expect(stand(40_000, 15).text).toBe('loss 15.0 is within the reference, 12.0 to 18.0');
    expect(stand(100, 60).text).toBe('loss 60.0; the reference is 32.0 to 48.0 after 500 episodes');
    expect(stand(2000, 72).text).toContain('an untrained network has (73.0); usual causes: a learning rate');
    expect(stand(500, 40, 'photographs')).toEqual({
      kind: 'no-reference',
      text: 'the reference holds for cifar-10-binary or cifar-10-python, not for photographs',
    });
  });

  it('reads scores in the experiment’s own direction and format', () => {
    const run = createRunSpec({ experiment: 'binary' });
    const verdict = judge(binary, run, { episodes: 500, loss: 9, score: 0.004, dataset: 'generated' });
    expect(verdict).toEqual({ kind: 'within', text: 'wrong bits 0.400 % is within the reference, 0.00 % to 1.00 %' });
    expect(judge(binary, run, { episodes: 500, loss: 9, score: 0.04, dataset: 'generated' }).kind).toBe('not-yet');
    const reward = { ...binary, score: { ...binary.score, better: 'higher' as const, format: 'number' as const } };
    const references = [
      { ...binary.references[0]!, points: [{ episodes: 10, low: 100, high: 200 }] as const, untrained: { value: 20, untilEpisodes: 5 } },
    ];
    const maze = (score: number) => judge({ ...reward, references }, run, { episodes: 10, loss: 0, score, dataset: '' }).kind;
    expect([250, 150, 60, 25].map(maze)).toEqual(['better', 'within', 'not-yet', 'not-learning']);
  });

  it('holds for the preset’s settings alone, however often they are looked at', () => {
    const of = (choices: object) => findReference(binary, createRunSpec({ experiment: 'binary', ...choices }))?.preset;
    expect(of({ preset: 'small', settings: { evaluationEvery: 7 } })).toBe('small');
    expect(findReference(binary, createRunSpec({ experiment: 'binary', settings: { patterns: 4 } }))).toBeUndefined();
    expect(findReference(binary, createRunSpec({ experiment: 'binary', variant: 'yoked' }))).toBeUndefined();
    expect(findReference(images, { ...imagesRun, batch: 8 })).toBe(images.references[0]);
  });
});

describe('a band', () => {
  const [reference] = images.references;
  it('is straight over the logarithm of the episodes, and stays after its end', () => {
    expect(bandAt([...reference!.points], 499)).toBeUndefined();
    expect(bandAt([...reference!.points], 500)).toEqual({ low: 32, high: 48 });
    const middle = bandAt([...reference!.points], Math.sqrt(10_000 * 40_000))!;
    expect([middle.low, middle.high]).toEqual([expect.closeTo(13, 9), expect.closeTo(19.5, 9)]);
    expect(bandAt([...reference!.points], 1e9)).toEqual({ low: 12, high: 18 });
  });

  it('of every experiment rises in episodes and belongs to a preset and a variant that exist', () => {
    for (const { references, presets, variants } of experiments) {
      for (const { points, preset, variant } of references) {
        points.forEach(({ episodes, low, high }, at) => {
          expect(episodes).toBeGreaterThan(points[at - 1]?.episodes ?? 0);
          expect(low).toBeLessThanOrEqual(high);
        });
        expect([undefined, ...presets.map(({ name }) => name)]).toContain(preset);
        expect(variants.map(({ name }) => name)).toContain(variant);
      }
    }
  });
});
