import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../backend/cpu.ts';
import { FailureError } from '../contract/errors.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import { createRunSpec, withExtensions } from '../experiments/create-run-spec.ts';
import { createPlasticRnn } from '../networks/plastic-rnn.ts';
import { createExtendedTraining } from './create-extended-training.ts';
import { describeExtension } from './describe.ts';
import type { AnyExtension, NetworkExtension, RuleExtension, TaskExtension } from './extension.ts';
import type { LoadedExtensions } from './loaded.ts';
import { estimateExtended } from './outlook.ts';

const backend = createCpuBackend();

/** Hebb's rule, with a factor on eta. */
const rule: RuleExtension = {
  kind: 'rule',
  title: 'own rule',
  meaning: 'Hebb’s, as often as wished',
  parameters: { times: { kind: 'number', default: 1, minimum: 0, maximum: 10, meaning: 'Factor on eta.' } },
  next: (trace, before, now, eta, settings) => trace + Number(settings['times']) * eta * (before * now - trace),
  derivatives: (trace, before, now, eta, into, settings) => {
    const rate = Number(settings['times']) * eta;
    Object.assign(into, {
      trace: 1 - rate,
      before: rate * now,
      now: rate * before,
      eta: Number(settings['times']) * (before * now - trace),
    });
  },
};

/** A plastic network that says nothing of its trace. */
const network: NetworkExtension = {
  kind: 'network',
  title: 'own network',
  meaning: 'a plastic network of one’s own',
  create: ({ neurons, operations, random }) => {
    const options = { neurons, alphaKind: 'free', rule: 'hebb', initialW: 0.1, initialAlpha: 0.1, initialEta: 0.1 } as const;
    return { ...createPlasticRnn(operations, options, random), followsProtocol: false };
  },
};

const taskOf = (neurons: number, score: (answer: Float32Array) => number = (answer) => answer[0]!): TaskExtension => ({
  kind: 'task',
  title: 'own task',
  summary: 'Something is shown and asked for.',
  score: { name: 'own', label: 'own score', meaning: 'a number', better: 'lower', format: 'number' },
  parameters: {},
  episodes: 10,
  batch: 1,
  create: () => ({
    neurons,
    outputs: 4,
    drawPlan: () => ({
      steps: [
        { free: { start: 0, end: 0 }, given: 0, label: 'shown' },
        { free: { start: 0, end: 4 }, given: 1, label: 'test' },
      ],
      vectors: 2,
    }),
    drawEpisode: (_plan, random) => {
      const shown = Float32Array.from({ length: neurons }, () => (random.uniform() < 0.5 ? -1 : 1));
      return { vectors: [shown, new Float32Array(neurons).fill(1)], target: shown.subarray(0, 4) };
    },
    score,
  }),
});

function prepare(
  extensions: readonly (readonly [name: string, extension: AnyExtension])[],
  choices: Partial<Parameters<typeof createRunSpec>[0]>,
) {
  const described = extensions.map(([name, extension]) => describeExtension(extension, { name, sha256: '0'.repeat(64) }));
  const sizes = { bits: 10, patterns: 2, presentationSteps: 3, interPresentationDelay: 1, testSteps: 2, initialW: 0.2, initialAlpha: 0.5 };
  const spec = createRunSpec(
    { experiment: 'binary', ...choices, settings: { ...(choices.experiment === undefined ? sizes : {}), ...choices.settings } },
    described,
  );
  const loaded = Object.fromEntries(extensions.map(([, extension]) => [extension.kind, extension])) as LoadedExtensions;
  return {
    spec: withExtensions(spec, described),
    loaded,
    start: (changed: RunSpec = spec) => createExtendedTraining(changed, undefined, backend, loaded),
  };
}

describe('a run under a rule of the user’s', () => {
  const { spec, start } = prepare([['mine', rule]], { settings: { rule: 'mine', times: 3 } });
  const { times: _, ...others } = spec.parameters;
  const under = async (parameters: RunSpec['parameters']) => (await start({ ...spec, parameters }).inspect(0)).arrays['y']!.data;

  it('runs with its own hyper-parameters', async () => {
    expect(await under({ ...spec.parameters, times: 1 })).toEqual(await under({ ...others, rule: 'hebb' }));
    expect(await under(spec.parameters)).not.toEqual(await under({ ...spec.parameters, times: 1 }));
  });

  it('can be looked at under each of Engram’s rules, and is then another one', async () => {
    expect(await under({ ...others, rule: 'oja' })).not.toEqual(await under({ ...others, rule: 'hebb' }));
    expect(await under({ ...others, rule: 'oja' })).not.toEqual(await under(spec.parameters));
  });
});

it('gives a network of the user’s no trace that it did not say it has', async () => {
  const training = prepare([['mine', network]], { variant: 'mine' }).start();
  expect((await training.inspect(0)).rule).toBeNull();
  expect(await training.exportEpisode(0)).not.toHaveProperty('hebb');
  await expect(training.inspect(0, { clearedAt: 2 })).rejects.toThrow('no Hebbian trace');
});

it('ends a run whose values are no numbers as one, not as a fault of its task’s score', async () => {
  const training = prepare([['paired', taskOf(6)]], { experiment: 'paired' }).start();
  const { arrays, state } = await training.capture();
  const w = arrays['w']!;
  await training.restore({ state, arrays: { ...arrays, w: { ...w, data: w.data.slice().fill(NaN) } } });
  await expect(training.step(1)).rejects.toThrow(expect.objectContaining({ code: 'loss-not-finite' }));
  await expect(training.step(1)).rejects.toBeInstanceOf(FailureError);
});

it('refuses an LSTM where all neurons are judged, before a run is made and in the trainer', async () => {
  const message = 'outputs must be fewer than its 4 neurons for the variant lstm';
  const { spec, loaded, start } = prepare([['paired', taskOf(4)]], { experiment: 'paired', variant: 'lstm' });
  await expect(estimateExtended(spec, loaded)).rejects.toThrow(message);
  expect(() => start()).toThrow(message);
  expect(() => prepare([['paired', taskOf(5)]], { experiment: 'paired', variant: 'lstm' }).start()).not.toThrow();
});
