import { describe, expect, it } from 'vitest';
import type { ParameterValue } from '../contract/run-spec.ts';
import { createRunSpec } from '../experiments/create-run-spec.ts';
import { readCueRewardParameters } from '../experiments/cue-reward.ts';
import { createTraceFactors, rightFactors, traceNorm } from '../inspection/trace-factors.ts';
import { createCueRewardTraining } from './cue-reward-training.ts';
import { estimateEpisode } from './estimate.ts';
import { explainExperiment } from './explain.ts';
import type { Training } from './training.ts';

/** The variants, and by what rule the trace of each changes. */
const rules: Readonly<Record<string, string | null>> = {
  retroactive: 'retroactive',
  modulated: 'modulated',
  free: 'hebb',
  yoked: 'hebb',
  'non-plastic': null,
  lstm: null,
};
const small = { cues: 2, cueBits: 4, episodeSteps: 30, neurons: 10, learningRate: 0.003 };

/** The setting `rule` is that of the variants that name none; the others are tried with one. */
const rulesOf = (variant: string) => (rules[variant] === 'hebb' ? ['hebb', 'oja'] : ['hebb']);

const start = (variant: string, seed = 3, settings: Readonly<Record<string, ParameterValue>> = {}): Training =>
  createCueRewardTraining(readCueRewardParameters({ ...small, ...settings }), variant, seed);

async function scores(training: Training, iterations: number): Promise<number[]> {
  const found: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) found.push((await training.step(5)).score);
  return found;
}

describe.each(Object.keys(rules))('training on cues and rewards, %s', (variant) => {
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
    await resumed.evaluate(3);
    expect(await scores(resumed, 4)).toEqual(rest);
    expect(await resumed.capture()).toEqual(await whole.capture());
  });

  it('exports what was shown, and says so for people', async () => {
    const training = start(variant);
    const { arrays, labels, rule, score } = await training.inspect(2);
    expect(await training.exportEpisode(2)).toEqual(arrays);
    const { shown, target, cues, rewards, input } = arrays;
    expect([shown!.shape, cues!.shape, rewards!.shape, input!.shape]).toEqual([[30], [2, 4], [30], [30, 10]]);
    shown!.data.forEach((code, step) => {
      const bits = code >= 0 ? [...cues!.data.slice(4 * code, 4 * code + 4)] : [0, 0, 0, 0];
      expect([...input!.data.slice(10 * step, 10 * step + 5)]).toEqual([...bits, code === -2 ? 1 : 0]);
      const cue = `cue ${code + 1}${code === target!.data[0] ? ', the target' : ''}`;
      expect(labels[step]).toBe(code >= 0 ? cue : code === -1 ? 'blank' : 'question');
    });
    expect(score).toBe([...rewards!.data].reduce((sum, reward) => sum + reward, 0));
    expect(rule).toBe(rules[variant]);
    expect(await training.draw()).toBeUndefined();
  });

  it('has the trace that follows from what it exports', async () => {
    const training = start(variant);
    await scores(training, 20);
    const { arrays, rule, eta } = await training.inspect(1);
    if (rule === null) return;
    const [y, modulators] = [arrays['y']!.data as Float32Array, arrays['modulators']!.data as Float32Array];
    const factors = createTraceFactors({ rule, eta: eta ?? 0, steps: 30, neurons: 10, y, modulators });
    arrays['traceNorm']!.data.forEach((norm, step) => expect(traceNorm(factors, rightFactors(factors, step + 1))).toBeCloseTo(norm, 4));
  });

  it('is estimated and explained', async () => {
    const spec = createRunSpec({ experiment: 'cue-reward', variant, settings: small });
    const arrays = Object.values(await start(variant).weights());
    const { parameters, protocol } = estimateEpisode(spec);
    expect(parameters).toBe(arrays.reduce((sum, { data }) => sum + data.length, 0));
    expect(protocol).toEqual([{ label: 'cue-reward', steps: 30 }]);
    expect(explainExperiment(spec).lines.join('\n')).toContain(`${parameters} trained numbers`);
  });
});

/** As agent-values.test.ts has them under Hebb's rule: with everything that decides them. */
it.each([
  ['free', [1.689096, -1.884326, -5.011438, -7.008858]],
  ['yoked', [0.205557, -3.983159, -5.333611, 0.121018]],
] as const)('gives the losses that it always gave under Oja: %s', async (variant, expected) => {
  const training = start(variant, 7, {
    ...{ rule: 'oja', initialW: 0.2, initialAlpha: 0.2, initialEta: 0.2, reward: 1 },
    ...{ discount: 0.9, valueWeight: 0.05, concentrationWeight: 0.1, learningRate: 0.01, gradientClip: 10 },
  });
  const found: number[] = [];
  for (let iteration = 0; iteration < 4; iteration++) found.push((await training.step(5)).loss);
  // Processors round fused products differently.
  expected.forEach((loss, index) => expect(found[index]).toBeCloseTo(loss, 4));
});

it('refuses cues that cannot be', () => {
  expect(() => createRunSpec({ experiment: 'cue-reward', settings: { cueBits: 1 } })).toThrow(
    'there are 2 different cues of 1 bits, not 4',
  );
});
