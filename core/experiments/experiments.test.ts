import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngramError } from '../contract/errors.ts';
import { isPublished } from '../contract/origin.ts';
import { runSpecSchema } from '../contract/run-spec.ts';
import { createRunSpec, parseRunSpec, parseStoredSpec } from './create-run-spec.ts';
import { experiments, findExperiment } from './index.ts';
import { readImagesParameters } from './images.ts';
import { originsOf } from './origins.ts';
import { readParameter } from './parameter.ts';

describe('every experiment', () => {
  it.each(experiments.flatMap(({ name, parameters }) => Object.entries(parameters).map(([key, value]) => [name, key, value] as const)))(
    '%s: %s has a default within its own rule, a meaning and a source',
    (_experiment, name, parameter) => {
      expect(readParameter(name, parameter, parameter.default)).toBe(parameter.default);
      if (parameter.before !== undefined) expect(readParameter(name, parameter, parameter.before)).toBe(parameter.before);
      expect(readParameter(name, parameter, String(parameter.default))).toBe(parameter.default);
      expect(parameter.meaning).toMatch(/^[A-Z].+\.$/);
      expect(parameter.source).not.toBe('');
    },
  );

  it.each(experiments.map(({ name }) => name))('%s: its preset is a valid spec', (experiment) => {
    const spec = createRunSpec({ experiment });
    expect(runSpecSchema.parse(spec)).toEqual(spec);
    expect(parseRunSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });
});

describe('every preset', () => {
  it.each(
    experiments.flatMap((experiment) => experiment.presets.map((preset) => [experiment.name, preset.name, experiment, preset] as const)),
  )('%s: %s says of each of its values where that comes from, and of no other', (_experiment, _name, experiment, preset) => {
    expect(Object.keys(preset.parameters)).toEqual(expect.arrayContaining(Object.keys(preset.origins ?? {})));
    const origins = originsOf(experiment, preset);
    expect(Object.keys(origins)).toEqual(Object.keys(preset.parameters));
    for (const { source } of Object.values(origins)) expect(source).not.toBe('');
  });

  it('has from the paper what that gives, and nothing else', () => {
    const originOf = (preset: string, value: string) => {
      const experiment = findExperiment(preset.startsWith('small') ? 'binary' : 'omniglot');
      return originsOf(
        experiment,
        experiment.presets.find(({ name }) => name === preset)!,
      )[value]!;
    };
    expect(isPublished(originOf('small', 'bits'))).toBe(true);
    for (const value of ['presentationsPerPattern', 'testSteps', 'evaluationEvery'])
      expect(isPublished(originOf('small', value))).toBe(false);
    expect(originOf('quick', 'initialAlpha')).toEqual({ source: 'ours' });
    expect(isPublished(originOf('v1', 'learningRate'))).toBe(true);
    const { learningRate, learningRateDecayEvery, learningRateDecay } = findExperiment('omniglot').parameters;
    expect([learningRate, learningRateDecayEvery, learningRateDecay].map((parameter) => isPublished(parameter!))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

it('a version stands at whatever is from the paper', () => {
  for (const { parameters, presets, references } of experiments) {
    const sources = [...Object.values(parameters), ...presets, ...references].map(({ source }) => source);
    for (const source of sources) expect(source).not.toMatch(/^arXiv 1804\.02464(?! v1|, final version)/);
  }
});

describe('createRunSpec', () => {
  it('takes settings as text', () => {
    const { parameters } = createRunSpec({ experiment: 'images', settings: { learningRate: '3e-4', rule: 'oja' } });
    expect(readImagesParameters(parameters)).toMatchObject({ learningRate: 3e-4, rule: 'oja', patterns: 3 });
  });

  it.each([
    [{ experiment: 'image' }, 'unknown-experiment', 'did you mean "images"?'],
    [{ experiment: 'images', variant: 'yokd' }, 'unknown-variant', 'did you mean "yoked"?'],
    [{ experiment: 'images', backend: 'tensorfow' }, 'unknown-backend', 'did you mean "tensorflow"?'],
    [{ experiment: 'images', precision: 'half' }, 'unknown-precision', 'float32, mixed'],
    [{ experiment: 'images', settings: { learningrat: 1 } }, 'unknown-parameter', 'did you mean "learningRate"?'],
    [{ experiment: 'images', settings: { constructor: 1 } }, 'unknown-parameter', '"constructor"'],
    [{ experiment: 'images', settings: { patterns: '2.5' } }, 'parameter-out-of-range', 'a whole number from 1 to 20, not "2.5"'],
    [{ experiment: 'images', settings: { imageSize: 33 } }, 'parameter-out-of-range', 'a multiple of 2 from 4 to 64, not 33'],
    [{ experiment: 'images', settings: { learningRate: 'NaN' } }, 'parameter-out-of-range', 'not "NaN"'],
    [{ experiment: 'images', settings: { learningRate: '' } }, 'parameter-out-of-range', 'not ""'],
    [{ experiment: 'images', settings: { rule: 'hebbian' } }, 'parameter-out-of-range', 'hebb or oja'],
    [{ experiment: 'maze', settings: { mazeSize: 8 } }, 'maze-size', 'an odd number of cells on each side, from 3'],
    [{ experiment: 'omniglot', settings: { ways: 8, testClasses: 7 } }, 'parameters-contradict', '8 ways need as many test classes'],
    [{ experiment: 'binary', settings: { bits: 4, patterns: 7 } }, 'patterns-too-many', 'there are 6 different patterns of 4 bits'],
    [{ experiment: 'cue-reward', settings: { episodeSteps: 6 } }, 'episode-too-short', 'and an episode has 6'],
    [{ experiment: 'binary', dataset: '/data' }, 'dataset-not-used', 'draws its episodes itself'],
    [{ experiment: 'binary', preset: 'smal' }, 'unknown-preset', 'did you mean "small"?'],
    [{ experiment: 'images', preset: 'small' }, 'unknown-preset', 'has no preset "small"'],
    [{ experiment: 'images', backend: 'wasm', device: 'gpu:0' }, 'unknown-device', 'the wasm backend has no device "gpu:0"'],
    [{ experiment: 'images', backend: 'tensorflow', device: 'gpu' }, 'unknown-device', 'cpu, gpu:0, gpu:1 and so on'],
    [{ experiment: 'images', episodes: 0 }, 'out-of-range', 'episodes must be a whole number from 1 to 1000000000, not 0'],
    [{ experiment: 'images', batch: 1025 }, 'out-of-range', '1024'],
    [{ experiment: 'images', seed: 0.5 }, 'out-of-range', 'seed'],
  ])('refuses %j', (choices, code, message) => {
    expect(() => createRunSpec(choices)).toThrow(
      expect.objectContaining({ kind: 'input', code, message: expect.stringContaining(message) }),
    );
  });
});

describe('parseRunSpec', () => {
  it('fills in parameters that a spec of an older version does not name', () => {
    const spec = createRunSpec({ experiment: 'images' });
    expect(parseRunSpec({ ...spec, parameters: { patterns: 2 } }).parameters).toEqual({ ...spec.parameters, patterns: 2 });
  });

  it('leaves a stored run what it had before there was a parameter', () => {
    const { parameters, ...spec } = createRunSpec({ experiment: 'maze' });
    const { lastActionInput, ...before } = parameters;
    expect(lastActionInput).toBe('no');
    const stored = { ...spec, parameters: before };
    expect(parseRunSpec(stored).parameters['lastActionInput']).toBe('no');
    expect(parseStoredSpec(stored).parameters).toEqual({ ...parameters, lastActionInput: 'yes' });
    expect(parseStoredSpec({ ...spec, parameters })).toEqual({ ...spec, parameters });
  });

  it('gives a spec or an error of its own, for any JSON', () => {
    const spec = createRunSpec({ experiment: 'images' });
    const keys = fc.constantFrom(...Object.keys(spec), '__proto__', 'device', 'other');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.tuple(keys, fc.jsonValue()).map(([key, value]) => ({ ...spec, [key]: value })),
        ),
        (json) => {
          try {
            expect(findExperiment(parseRunSpec(json).experiment)).toBeDefined();
          } catch (error) {
            expect(error).toBeInstanceOf(EngramError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
