import { describe, expect, it } from 'vitest';
import { createReferenceRecurrent } from '../plasticity/small/reference.ts';
import { createRandom } from '../random.ts';
import { actorCriticLoss } from '../training/actor-critic.ts';
import { createReferenceLayer } from '../plasticity/small/reference-layer.ts';
import { createReferenceLstm } from '../plasticity/small/reference-lstm.ts';
import { createAgentCore, lstmCore, plasticCore, type AgentCoreOptions } from './agent-core.ts';
import { createAgent, createAgentLearned } from './agent.ts';
import type { HostGradients, LearnedValues } from './host-learned.ts';

const steps = 7;
const actorCritic = { gamma: 0.9, valueWeight: 0.1, concentrationWeight: 0.1 };
const actions = [0, 2, 1, 2, 0, 0, 1];
const rewards = [0, 10, -0.1, 0, 10, 0, -0.1];

const start = { neurons: 5, initialW: 0.4, initialAlpha: 0.6, initialEta: 0.2 };
const cores: readonly AgentCoreOptions[] = [
  { kind: 'plastic', rule: 'hebb', alphaKind: 'free', ...start },
  { kind: 'plastic', rule: 'oja', alphaKind: 'free', ...start },
  { kind: 'plastic', rule: 'oja', alphaKind: 'yoked', ...start },
  { kind: 'plastic', rule: 'hebb', alphaKind: 'none', ...start },
  { kind: 'plastic', rule: 'modulated', alphaKind: 'free', ...start },
  { kind: 'plastic', rule: 'retroactive', alphaKind: 'free', ...start },
  { kind: 'lstm', neurons: 5 },
];

describe.each(cores)('the agent, %o', (core) => {
  const options = { core, inputs: 3, actions: 3, steps };
  const learned = createAgentLearned(options, createRandom(1, 'agent'));
  const { matrices, numbers: initialNumbers } = learned.values();
  const numbers = { ...initialNumbers };
  const referenceAgent = (longest: typeof options, values: LearnedValues) =>
    createAgent(
      longest,
      values,
      core.kind === 'lstm'
        ? lstmCore(createReferenceLstm({ ...core, steps: longest.steps }))
        : plasticCore(core, createReferenceRecurrent({ ...core, steps: longest.steps })),
      createReferenceLayer,
    );
  const agent = referenceAgent(options, { matrix: learned.matrix, number: (name) => numbers[name]! });
  const seen = createRandom(2, 'inputs');
  const inputs = Array.from({ length: steps }, () => [seen.normal(), 0, seen.normal()]);

  const run = () => {
    agent.prepare();
    let [observed, acted] = [0, 0];
    return agent.run(
      steps,
      (into) => into.set(inputs[observed++]!),
      () => [actions[acted]!, rewards[acted++]!],
    );
  };

  it('has the gradients that central differences find, its actions, rewards and advantages being given', () => {
    const trajectory = run();
    const { gradients } = actorCriticLoss(trajectory, actorCritic, 1);
    agent.differentiate(trajectory, gradients);
    const found = agent.gradients();
    // The policy's part takes the advantages as given: they are those of the episode that is differentiated.
    const given = trajectory.values.slice();
    const lossOf = () => {
      const { probabilities, values } = run();
      let [sum, toCome] = [0, 0];
      for (let t = steps - 1; t >= 0; t--) {
        toCome = rewards[t]! + actorCritic.gamma * toCome;
        const chances = probabilities.subarray(3 * t, 3 * t + 3);
        const concentration = chances.reduce((total, chance) => total + chance ** 2, 0);
        sum += -Math.log(chances[actions[t]!]!) * (toCome - given[t]!);
        sum += actorCritic.valueWeight * (toCome - values[t]!) ** 2 + actorCritic.concentrationWeight * concentration;
      }
      return sum;
    };
    const expectSlope = (name: string, gradient: number | undefined, before: number, put: (value: number) => void) => {
      const h = 1 / 512; // Of float32, exactly.
      const [above, below] = [Math.fround(before + h), Math.fround(before - h)];
      const [high, low] = [above, below].map((value) => {
        put(value);
        return lossOf();
      }) as [number, number];
      put(before);
      const slope = (high - low) / (above - below);
      expect(Math.abs(gradient! - slope), `${name}: ${gradient}, ${slope}`).toBeLessThan(5e-4 * Math.max(1, Math.abs(slope)));
    };
    for (const [name, values] of Object.entries(matrices)) {
      values.forEach((before, at) => expectSlope(`${name} ${at}`, found.matrices[name]?.[at], before, (value) => (values[at] = value)));
    }
    for (const [name, before] of Object.entries(numbers)) {
      expectSlope(name, found.numbers[name], before, (value) => (numbers[name] = value));
    }
  });

  it('gives on the kernel what the reference gives, summed over some episodes', () => {
    const long = { ...options, steps: 40 };
    const learnedNow = createAgentLearned(options, createRandom(3, 'agent'));
    const fused = createAgent(long, learnedNow, createAgentCore(core, 40));
    const [found, expected] = [fused, referenceAgent(long, learnedNow)].map((one) => {
      const random = createRandom(4, 'episodes');
      one.prepare();
      for (let episode = 0; episode < 3; episode++) {
        const trajectory = one.run(
          40,
          (into) => into.forEach((_, at) => (into[at] = random.normal())),
          () => [random.integer(0, 2), random.normal()],
        );
        one.differentiate(trajectory, actorCriticLoss(trajectory, actorCritic, 1).gradients);
      }
      return one.gradients();
    }) as [HostGradients, HostGradients];
    expect(Object.keys(found.matrices).sort()).toEqual(Object.keys(expected.matrices).sort());
    for (const [name, values] of Object.entries(expected.matrices)) {
      const allowed = 1e-3 * Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      values.forEach((value, at) => expect(Math.abs(found.matrices[name]![at]! - value), `${name} ${at}`).toBeLessThan(allowed));
    }
    for (const [name, value] of Object.entries(expected.numbers)) {
      expect(Math.abs(found.numbers[name]! - value), name).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)));
    }
  });

  it('learns what its variant has', () => {
    const names = Object.keys(learned.capture()).filter((name) => !name.includes('.'));
    const plastic = core.kind === 'plastic' && core.alphaKind !== 'none';
    expect(names.includes('alpha')).toBe(plastic);
    expect(names.includes('eta')).toBe(plastic && core.rule !== 'modulated');
    expect(names.includes('modulator')).toBe(plastic && ['modulated', 'retroactive'].includes(core.rule));
  });
});

describe('actor-critic', () => {
  it('discounts what comes later', () => {
    const trajectory = {
      steps: 2,
      probabilities: Float64Array.of(0.5, 0.5, 0.25, 0.75),
      values: Float64Array.of(1, 2),
      actions: Uint8Array.of(0, 1),
      rewards: Float64Array.of(1, 4),
    };
    const { loss, gradients } = actorCriticLoss(trajectory, { gamma: 0.5, valueWeight: 0.1, concentrationWeight: 0 }, 1);
    // R = 3, 4; A = 2, 2.
    expect(loss).toBeCloseTo(-2 * Math.log(0.5) - 2 * Math.log(0.75) + 0.1 * 8, 12);
    expect([...gradients.values]).toEqual([expect.closeTo(-0.4, 12), expect.closeTo(-0.4, 12)]);
    expect([...gradients.logits]).toEqual([-1, 1, 0.5, -0.5].map((value): unknown => expect.closeTo(value, 12)));
  });
});
