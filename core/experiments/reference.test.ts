import { describe, expect, it } from 'vitest';
import { createRunSpec } from './create-run-spec.ts';
import { binary } from './binary.ts';
import { images } from './images.ts';
import { experimentOf, experiments } from './index.ts';
import { omniglot } from './omniglot.ts';
import { bandAt } from '../contract/verdict.ts';
import { describeReference, findReferences, judge, type DataInUse } from './reference.ts';

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
    [2000, 80, 'not-learning'],
    [2000, Number.NaN, 'not-learning'],
    [500, 80, 'not-yet'],
    [600, Number.NaN, 'not-yet'],
  ] as const)('after %d episodes with a loss of %d: %s', (episodes, loss, kind) => {
    expect(stand(episodes, loss).kind).toBe(kind);
  });

  it('says what was expected, and for which data', () => {
    expect(stand(40_000, 15).text).toBe('loss 15.0 is within the reference, 12.0 to 18.0');
    expect(stand(100, 60).text).toBe('loss 60.0; the reference is 32.0 to 48.0 after 500 episodes');
    expect(stand(2000, 80).text).toMatch(
      /^not learning: loss 80\.0 is about what an untrained network has \(82\.0\); usual causes: a learning rate/,
    );
    expect(stand(500, 40, 'photographs')).toEqual({
      kind: 'not-applicable',
      text: 'the reference does not apply: it holds for cifar-10-binary or cifar-10-python, not for photographs',
    });
  });

  it('does not apply to another batch, generated characters or too few classes', () => {
    const judgeOn = (data: DataInUse, choices: object = {}) => {
      const run = createRunSpec({ experiment: 'omniglot', ...choices });
      const { kind, text } = judge(omniglot, run, { episodes: 5_000_000, loss: 0.1, score: 0.98, ...data });
      expect(describeReference(omniglot, run, data) === null).toBe(kind === 'not-applicable');
      return `${kind}: ${text}`;
    };
    const doesNot = 'not-applicable: the reference does not apply: it holds for';
    expect(judgeOn({ dataset: 'omniglot', classes: 1623 })).toMatch(/^within/);
    // A run of before, whose number of classes is not known.
    expect(judgeOn({ dataset: 'omniglot' })).toMatch(/^within/);
    expect(judgeOn({ dataset: 'omniglot', classes: 500 })).toBe(`${doesNot} 1500 classes or more, not for 500`);
    expect(judgeOn({ dataset: 'omniglot', classes: 242 })).toBe('better: accuracy 98.0 % is better than the reference, 68.0 % to 88.0 %');
    expect(judgeOn({ dataset: 'characters', classes: 1600 })).toBe(`${doesNot} omniglot, not for generated characters`);
    expect(judgeOn({ dataset: 'characters' }, { batch: 4, preset: 'final' })).toBe(
      `${doesNot} a batch of 1, not of 4, and for omniglot, not for generated characters`,
    );
    expect(judgeOn({ dataset: 'omniglot', classes: 242 }, { preset: 'v1' })).toBe(`${doesNot} 1500 classes or more, not for 242`);
  });

  it('names the usual causes of its experiment', () => {
    const causesOf = (name: string, preset?: string, variant?: string) => {
      const run = createRunSpec({
        experiment: name,
        ...(preset === undefined ? {} : { preset }),
        ...(variant === undefined ? {} : { variant }),
      });
      const data = { dataset: name === 'images' ? 'cifar-10-binary' : name === 'omniglot' ? 'omniglot' : 'generated' };
      const { untrained } = findReferences(experimentOf(run), run)[0]!;
      const at = { episodes: untrained!.untilEpisodes, loss: untrained!.value, score: untrained!.value };
      const { kind, text } = judge(experimentOf(run), run, { ...at, ...data });
      expect(kind).toBe('not-learning');
      return text.slice(text.indexOf('usual causes: '));
    };
    const causes = [
      causesOf('images'),
      causesOf('binary'),
      causesOf('omniglot'),
      causesOf('maze'),
      causesOf('cue-reward', 'small', 'modulated'),
    ];
    expect(new Set(causes).size).toBe(5);
    expect(causes[0]).toContain('; an eta at which the trace has forgotten an image');
  });

  it('rings the alarm with other settings and batches, too, for the same task and after a longer time', () => {
    const kindOf = (episodes: number, choices: object, dataset = 'cifar-10-binary') =>
      judge(images, createRunSpec({ experiment: 'images', ...choices }), { episodes, loss: 82, score: 1, dataset }).kind;
    const faster = { settings: { learningRate: 0.1 } };
    expect([kindOf(3999, faster), kindOf(4000, faster)]).toEqual(['no-reference', 'not-learning']);
    expect([kindOf(31_999, { batch: 8 }), kindOf(32_000, { batch: 8 })]).toEqual(['not-applicable', 'not-learning']);
    expect(kindOf(40_000, faster, 'photographs')).toBe('no-reference');
    expect(kindOf(40_000, { settings: { patterns: 5 } })).toBe('no-reference');
  });

  it('rings no alarm where nothing can be learned', () => {
    const run = createRunSpec({ experiment: 'omniglot', variant: 'non-plastic' });
    const kinds = [0.18, 0.22, 0.05].map((score) => judge(omniglot, run, { episodes: 100_000, loss: 1, score, dataset: 'omniglot' }).kind);
    expect(kinds).toEqual(['within', 'within', 'not-yet']);
  });

  it.each([
    ['images', 'yoked', undefined, 3000, [29.9, 29.8, 29.0]],
    ['images', 'yoked', undefined, 40_000, [26.5, 25.8, 25.9]],
    ['images', 'non-plastic', undefined, 3000, [56.9, 55.4, 55.0]],
    ['images', 'non-plastic', undefined, 40_000, [50.5, 49.0, 49.3]],
    ['images', 'lstm', undefined, 6986, [71.5]],
    ['binary', 'free', 'small', 1000, [0.0067, 0.0114]],
    ['binary', 'lstm', 'small-lstm', 2000, [0.195]],
    ['binary', 'lstm', 'small-lstm', 20_000, [0.115]],
    ['binary', 'lstm', 'small-lstm', 40_000, [0.116]],
    ['maze', 'free', undefined, 500_000, [85, 105, 108]],
    ['maze', 'non-plastic', undefined, 600_000, [38, 57]],
    ['maze', 'free', 'large', 150_000, [92]],
    ['maze', 'modulated', undefined, 300_000, [208]],
    ['maze', 'lstm', undefined, 150_000, [84]],
    ['omniglot', 'yoked', undefined, 64_000, [0.849, 0.802, 0.802]],
    ['omniglot', 'free', undefined, 96_000, [0.802, 0.797, 0.784]],
    ['omniglot', 'free', 'quick', 20_000, [0.576, 0.592, 0.605]],
    ['omniglot', 'free', 'quick', 60_000, [0.776, 0.757, 0.783]],
    ['cue-reward', 'modulated', 'small', 20_000, [10.5, 9.9, 10.5]],
    ['cue-reward', 'modulated', 'small', 100_000, [11.7, 11.9, 11.7]],
  ] as const)('of %s, %s (preset %s), measured after %d episodes: within', (name, variant, preset, episodes, values) => {
    const run = createRunSpec({ experiment: name, variant, ...(preset === undefined ? {} : { preset }) });
    const dataset = { images: 'cifar-10-binary', omniglot: 'omniglot', binary: '', maze: '', 'cue-reward': '' }[name];
    for (const value of values) {
      expect(judge(experimentOf(run), run, { episodes, loss: value, score: value, dataset, classes: 242 }).kind, `${value}`).toBe('within');
    }
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
    const of = (choices: object) => findReferences(binary, createRunSpec({ experiment: 'binary', ...choices })).map(({ preset }) => preset);
    expect(of({ preset: 'small', settings: { evaluationEvery: 7 } })).toEqual(['small']);
    expect(of({ settings: { patterns: 4 } })).toEqual([]);
    expect(of({ variant: 'yoked' })).toEqual([]);
    const verdict = judge(images, { ...imagesRun, batch: 8 }, { episodes: 40_000, loss: 15, score: 0, dataset: 'cifar-10-binary' });
    expect(verdict.text).toBe('the reference does not apply: it holds for a batch of 1, not of 8');
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
