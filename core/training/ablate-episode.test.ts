/** What is changed in an episode, against the equations written out: on every backend, for every kind of network. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../backend/operations.ts';
import { availableBackends } from '../backend/test-backends.ts';
import type { EpisodeChange } from '../contract/ablation.ts';
import type { VariantName } from '../contract/run-spec.ts';
import { generateCharacters } from '../data/generated-characters.ts';
import { createRunSpec } from '../experiments/create-run-spec.ts';
import type { NamedArrays } from '../files/named-arrays.ts';
import { createTraceFactors, rightFactors, traceMatrix } from '../inspection/trace-factors.ts';
import { createTraining } from './create-training.ts';
import type { InspectedEpisode, Training } from './training.ts';

type Settings = Readonly<Record<string, number | string>>;

const neurons = 17;
function start(backend: Backend, variant: VariantName, settings: Settings = {}): Promise<Training> {
  const sizes = { bits: 16, patterns: 3, presentationsPerPattern: 2, presentationSteps: 2, interPresentationDelay: 1, testSteps: 3 };
  const strong = { initialW: 0.2, initialAlpha: 0.3, initialEta: 0.2, inputGain: 2 };
  const spec = createRunSpec({ experiment: 'binary', variant, seed: 3, settings: { ...sizes, ...strong, ...settings } });
  return createTraining(spec, { kind: 'generated' }, backend);
}

const data = (arrays: NamedArrays, name: string) => arrays[name]!.data as Float32Array;

/** y and hebb of every step in double precision, from what was clamped and what came in. */
function writeOut({ arrays, labels, rule, eta }: InspectedEpisode, weights: NamedArrays, clearedAt: number | undefined) {
  const [w, alpha] = [data(weights, 'w'), data(weights, 'alpha')];
  const n = neurons;
  let before = new Float64Array(n);
  let hebb = new Float64Array(n * n);
  return labels.map((_, at) => {
    if (at + 1 === clearedAt) hebb = new Float64Array(n * n);
    const met = hebb;
    const row = (name: string) => data(arrays, name).subarray(at * n, (at + 1) * n);
    const [given, clamped, input] = [row('given'), row('clamped'), row('input')];
    const y = Float64Array.from({ length: n }, (_one, j) => {
      if (clamped[j] === 1) return given[j]!;
      let drive = input[j]!;
      for (let i = 0; i < n; i++) drive += before[i]! * (w[i * n + j]! + alpha[i * n + j]! * met[i * n + j]!);
      return Math.tanh(drive);
    });
    hebb = met.map((value, place) => {
      const [u, v] = [before[Math.floor(place / n)]!, y[place % n]!];
      return rule === 'hebb' ? (1 - eta!) * value + eta! * u * v : value + eta! * v * (u - v * value);
    });
    before = y;
    return { y, hebb: met };
  });
}

const changes: Readonly<Record<string, EpisodeChange>> = {
  'the trace cleared': { clearedAt: 11 },
  'presentations chosen': { presentations: [4, 1, 1, 6] },
  'noise on inputs': { noise: { inputs: 0.4, seed: 2 } },
  'noise on drives': { noise: { drives: 0.4, seed: 2 } },
  'all at once': { clearedAt: 8, presentations: [2, 5, 5, 1, 3], noise: { inputs: 0.3, drives: 0.2, seed: 7 } },
};

const backends = await availableBackends();

describe.each(backends)('a changed episode on $name', ({ backend }) => {
  it.each(Object.entries(changes))('is what the equations give, and so is every trace: %s', async (_, change) => {
    for (const [variant, rule] of [
      ['free', 'hebb'],
      ['free', 'oja'],
      ['yoked', 'hebb'],
    ] as const) {
      const before = backend.operations.liveTensors();
      const training = await start(backend, variant, { rule });
      const usual = await training.inspect(5);
      const episode = await training.inspect(5, change);
      const { labels, eta, clearedAt, arrays } = episode;
      expect(clearedAt).toBe(change.clearedAt ?? null);
      const y = data(arrays, 'y');
      expect([...y]).not.toEqual([...data(usual.arrays, 'y')]);
      const cleared = clearedAt === null ? {} : { clearedAt };
      const factors = createTraceFactors({ rule, eta: eta!, steps: labels.length, neurons, y, ...cleared });
      writeOut(episode, await training.weights(), change.clearedAt).forEach((expected, at) => {
        expected.y.forEach((value, j) => expect(Math.abs(y[at * neurons + j]! - value)).toBeLessThan(1e-4));
        const trace = traceMatrix(factors, rightFactors(factors, at + 1));
        expected.hebb.forEach((value, place) => expect(Math.abs(trace[place]! - value)).toBeLessThan(1e-4));
        if (at + 1 === clearedAt) expect(trace.every((value) => value === 0)).toBe(true);
      });
      // The same question has the same answer, its score is that of the episode, and what is usual stays so.
      expect([...data((await training.inspect(5, change)).arrays, 'y')]).toEqual([...y]);
      expect((await training.evaluate(6, change)).losses[5]).toBeCloseTo(episode.loss, 5);
      expect([...data((await training.inspect(5)).arrays, 'y')]).toEqual([...data(usual.arrays, 'y')]);
      training.dispose();
      expect(backend.operations.liveTensors()).toBe(before);
    }
  });

  it('shows presentations in the order asked for', async () => {
    const training = await start(backend, 'free');
    const { labels } = await training.inspect(5);
    const third = labels.slice(6, 9);
    expect(third[2]).toBe('blank');
    expect((await training.inspect(5, { presentations: [3, 3] })).labels).toEqual([...third, ...third, 'test', 'test', 'test']);
    expect((await training.inspect(5, { presentations: [] })).labels).toEqual(['test', 'test', 'test']);
    await expect(training.inspect(5, { presentations: [7] })).rejects.toThrow('6 presentations: there is no presentation 7');
    await expect(training.evaluate(2, { clearedAt: 22 })).rejects.toThrow('the episode has 21 steps');
    training.dispose();
  });

  it('is refused where a network has nothing of the kind, and an LSTM and a plain network take what they can', async () => {
    for (const variant of ['non-plastic', 'lstm'] as const) {
      const training = await start(backend, variant);
      await expect(training.inspect(1, { clearedAt: 3 })).rejects.toThrow('no Hebbian trace');
      const usual = await training.evaluate(3);
      expect((await training.evaluate(3, { presentations: [1] })).loss).not.toBe(usual.loss);
      expect((await training.evaluate(3, { noise: { inputs: 0.5, seed: 1 } })).loss).not.toBe(usual.loss);
      const drives = training.evaluate(3, { noise: { drives: 0.5, seed: 1 } });
      if (variant === 'lstm') await expect(drives).rejects.toThrow('noise on its inputs only');
      else expect((await drives).loss).not.toBe(usual.loss);
      training.dispose();
    }
  });

  it('shows characters in another order, loses their trace, and takes noise on what is seen', async () => {
    const settings = { ways: 3, testClasses: 4, features: 8, initialAlpha: 1, initialEta: 0.5 };
    const dataset = {
      name: 'generated',
      format: 'characters' as const,
      sha256: '',
      characters: generateCharacters().slice(0, 40),
      note: '',
    };
    const spec = createRunSpec({ experiment: 'omniglot', variant: 'free', settings });
    const training = await createTraining(spec, { kind: 'characters', dataset }, backend);
    const usual = await training.inspect(2);
    const swapped = await training.inspect(2, { presentations: [3, 1] });
    expect(swapped.labels).toEqual(['character 3', 'character 1', 'question']);
    const [labels, images] = [usual.arrays['labels']!.data, data(usual.arrays, 'images')];
    expect([...swapped.arrays['labels']!.data]).toEqual([labels[2], labels[0]]);
    const pixels = 31 * 31;
    expect([...data(swapped.arrays, 'images')]).toEqual([2, 0, 3].flatMap((at) => [...images.subarray(at * pixels, (at + 1) * pixels)]));
    // A trace that is cleared for the question is as one that nothing was written into.
    const cleared = await training.inspect(2, { clearedAt: 4 });
    expect(data(cleared.arrays, 'hebb').every((value) => value === 0)).toBe(true);
    expect(cleared.loss).toBeCloseTo((await training.inspect(2, { presentations: [] })).loss, 5);
    expect(cleared.loss).not.toBeCloseTo(usual.loss, 5);
    expect((await training.evaluate(20, { clearedAt: 4 })).losses[2]).toBeCloseTo(cleared.loss, 5);
    expect((await training.evaluate(4, { noise: { inputs: 0.2, seed: 1 } })).loss).not.toBe((await training.evaluate(4)).loss);
    await expect(training.inspect(2, { clearedAt: 5 })).rejects.toThrow('the episode has 4 steps');
    await expect(training.inspect(2, { presentations: [4] })).rejects.toThrow('there is no presentation 4');
    await expect(training.inspect(2, { noise: { drives: 1, seed: 1 } })).rejects.toThrow('its images only');
    training.dispose();
  });
});

describe('a changed episode of an agent', () => {
  const { backend } = backends[0]!;
  const agent = (variant: VariantName, experiment: 'maze' | 'cue-reward' = 'maze') => {
    const sizes = experiment === 'maze' ? { mazeSize: 3, episodeSteps: 20 } : { episodeSteps: 24 };
    const spec = createRunSpec({ experiment, variant, seed: 3, settings: { ...sizes, neurons: 8, initialW: 0.4, initialAlpha: 0.5 } });
    return createTraining(spec, { kind: 'generated' }, backend);
  };

  it.each(['free', 'yoked', 'modulated', 'retroactive'] as const)('has the trace that its activations give: %s', async (variant) => {
    for (const experiment of ['maze', 'cue-reward'] as const) {
      const training = await agent(variant, experiment);
      const episode = await training.inspect(4, { clearedAt: 9, noise: { inputs: 0.2, drives: 0.3, seed: 5 } });
      const { arrays, rule, eta, labels, clearedAt } = episode;
      expect(clearedAt).toBe(9);
      const factors = createTraceFactors({
        rule: rule!,
        eta: eta ?? 0,
        steps: labels.length,
        neurons: 8,
        y: data(arrays, 'y'),
        modulators: data(arrays, 'modulators'),
        clearedAt: 9,
      });
      data(arrays, 'traceNorm').forEach((norm, at) => {
        const trace = traceMatrix(factors, rightFactors(factors, at + 1));
        expect(Math.abs(Math.hypot(...trace) - norm)).toBeLessThan(1e-4 * (1 + norm));
        if (at + 1 === 9) expect(norm).toBe(0);
      });
      expect(Math.max(...data(arrays, 'traceNorm').subarray(10))).toBeGreaterThan(0);
      const usual = await training.inspect(4);
      expect([...data(usual.arrays, 'y').subarray(0, 8)]).not.toEqual([...data(arrays, 'y').subarray(0, 8)]);
      const score = (await training.evaluate(5, { clearedAt: 9, noise: { inputs: 0.2, drives: 0.3, seed: 5 } })).losses[4];
      expect(score).toBeCloseTo(episode.loss, 10);
      training.dispose();
    }
  });

  it('is refused where its world or its network has nothing of the kind', async () => {
    const [plain, lstm, plastic] = await Promise.all([agent('non-plastic'), agent('lstm'), agent('free')]);
    for (const training of [plain, lstm]) await expect(training.inspect(1, { clearedAt: 3 })).rejects.toThrow('no Hebbian trace');
    await expect(lstm.evaluate(1, { noise: { drives: 1, seed: 1 } })).rejects.toThrow('noise on its inputs only');
    await expect(plastic.inspect(1, { presentations: [1] })).rejects.toThrow('no presentations to choose');
    await expect(plastic.inspect(1, { clearedAt: 21 })).rejects.toThrow('the episode has 20 steps');
    for (const training of [plain, lstm])
      expect((await training.evaluate(3, { noise: { inputs: 1, seed: 1 } })).loss).not.toBe((await training.evaluate(3)).loss);
  });
});
