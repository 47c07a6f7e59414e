import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import {
  binaryCrossEntropy,
  differentiateLayer,
  runLayer,
  type ClassifierLayer,
  type LayerEpisode,
  type LayerGradients,
} from './plastic-classifier-layer.ts';

const [inputs, outputs] = [4, 3];

function arbitrary(rule: 'hebb' | 'oja', labelScale: number): { layer: ClassifierLayer; episode: LayerEpisode } {
  const random = createRandom(5, `${rule} ${labelScale}`);
  const draw = (length: number, scale: number) => Float64Array.from({ length }, () => scale * random.normal());
  return {
    layer: { rule, w: draw(inputs * outputs, 1), alpha: draw(inputs * outputs, 2), eta: 0.3, labelScale },
    episode: { features: draw(6 * inputs, 1).map(Math.tanh), labels: [2, 0, 1, 1, 2], target: 1 },
  };
}

const noGradients = (): LayerGradients => ({
  w: new Float64Array(inputs * outputs),
  alpha: new Float64Array(inputs * outputs),
  eta: 0,
});

/** d loss / d (what `change` adds `by` to). */
function slope(loss: (by: number) => number): number {
  const step = 1e-5;
  return (loss(step) - loss(-step)) / (2 * step);
}

const added = (values: ArrayLike<number>, at: number, by: number) =>
  Float64Array.from(values, (value, index) => value + (index === at ? by : 0));

describe.each([
  ['hebb', 1, undefined],
  ['oja', 1, undefined],
  ['hebb', 1000, undefined],
  ['oja', 1000, undefined],
  ['hebb', 1, 4],
  ['oja', 1, 4],
] as const)('the plastic layer with %s and labels times %d, cleared at %s', (rule, labelScale, clearedAt) => {
  const { layer, episode: whole } = arbitrary(rule, labelScale);
  const episode = clearedAt === undefined ? whole : { ...whole, clearedAt };
  const gradients = noGradients();
  const dFeatures = differentiateLayer(layer, episode, runLayer(layer, episode), 1, gradients);
  const lossOf = (changed: Partial<ClassifierLayer>, features = episode.features) =>
    runLayer({ ...layer, ...changed }, { ...episode, features }).loss;

  it('has the gradients that small changes show', () => {
    for (let at = 0; at < inputs * outputs; at++) {
      expect(gradients.w[at]).toBeCloseTo(
        slope((by) => lossOf({ w: added(layer.w, at, by) })),
        7,
      );
      expect(gradients.alpha[at]).toBeCloseTo(
        slope((by) => lossOf({ alpha: added(layer.alpha, at, by) })),
        7,
      );
    }
    expect(gradients.eta).toBeCloseTo(
      slope((by) => lossOf({ eta: layer.eta + by })),
      7,
    );
    episode.features.forEach((_, at) => {
      expect(dFeatures[at]).toBeCloseTo(
        slope((by) => lossOf({}, added(episode.features, at, by))),
        7,
      );
    });
    // A test of zeros against zeros would prove nothing.
    expect(Math.max(...gradients.alpha.map(Math.abs), Math.abs(gradients.eta))).toBeGreaterThan(1e-3);
    const first = ((clearedAt ?? 1) - 1) * inputs;
    expect(Math.max(...dFeatures.subarray(first, first + inputs).map(Math.abs))).toBeGreaterThan(1e-4);
    // What came before the trace was cleared is forgotten.
    expect(dFeatures.subarray(0, first).every((value) => value === 0)).toBe(true);
  });

  it('takes a share of the loss, and adds to what is there', () => {
    const twice = noGradients();
    const trajectory = runLayer(layer, episode);
    differentiateLayer(layer, episode, trajectory, 0.25, twice);
    differentiateLayer(layer, episode, trajectory, 0.75, twice);
    twice.w.forEach((value, at) => expect(value).toBeCloseTo(gradients.w[at]!, 12));
    expect(twice.eta).toBeCloseTo(gradients.eta, 12);
  });
});

describe('the plastic layer', () => {
  it('remembers each label’s features where labels decide: Oja keeps those of other labels, Hebb lets all decay', () => {
    const features = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    const episode = { features, labels: [2, 0], target: 0 };
    const layer = (rule: 'hebb' | 'oja') => ({ ...arbitrary(rule, 1000).layer, eta: 0.25 });
    const traceOf = (rule: 'hebb' | 'oja') => [...runLayer(layer(rule), episode).hebb.subarray(2 * inputs * outputs)];
    expect(traceOf('oja')).toEqual([0, 0, 0.25, 0.25, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(traceOf('hebb')).toEqual([0, 0, 0.25 * 0.75, 0.25, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('goes on from zero where its trace is cleared, as an episode of what comes from there on', () => {
    for (const rule of ['hebb', 'oja'] as const) {
      const { layer, episode } = arbitrary(rule, 1);
      const rest = runLayer(layer, { features: episode.features.subarray(3 * inputs), labels: [1, 2], target: 1 });
      const cleared = runLayer(layer, { ...episode, clearedAt: 4 });
      expect(cleared.hebb.subarray(3 * inputs * outputs)).toEqual(rest.hebb);
      expect([cleared.loss, cleared.y.subarray(3 * outputs)]).toEqual([rest.loss, rest.y]);
      expect(runLayer(layer, { ...episode, clearedAt: 6 }).y.subarray(5 * outputs)).toEqual(
        runLayer({ ...layer, alpha: new Float64Array(inputs * outputs) }, episode).y.subarray(5 * outputs),
      );
    }
  });

  it('is a plain layer without alpha, and without eta', () => {
    const { layer, episode } = arbitrary('oja', 1000);
    const plain = runLayer({ ...layer, alpha: new Float64Array(inputs * outputs) }, episode);
    expect(runLayer({ ...layer, eta: 0 }, episode).loss).toBe(plain.loss);
    const x = episode.features.subarray(5 * inputs);
    const drives = Array.from({ length: outputs }, (_, j) => x.reduce((sum, value, i) => sum + value * layer.w[i * outputs + j]!, 0));
    const total = drives.reduce((sum, drive) => sum + Math.exp(drive), 0);
    drives.forEach((drive, j) => expect(plain.y[5 * outputs + j]).toBeCloseTo(Math.exp(drive) / total, 14));
  });
});

describe('binary cross-entropy', () => {
  it('is what its definition gives', () => {
    const y = [0.2, 0.5, 0.3];
    const { loss } = binaryCrossEntropy(Float64Array.from(y, Math.log), 1);
    expect(loss).toBeCloseTo(-(Math.log(0.5) + Math.log(0.8) + Math.log(0.7)) / 3, 14);
  });

  it('has finite gradients where the answer rounds to 0 or 1', () => {
    const sure = binaryCrossEntropy(Float64Array.of(900, 0, -900), 0);
    expect(sure.loss).toBe(0);
    sure.dDrive.forEach((value) => expect(value).toBeCloseTo(0, 15));
    // Wrong, and as sure: each drive counts in two of the three terms.
    const wrong = binaryCrossEntropy(Float64Array.of(900, 0, -900), 1);
    expect(wrong.loss).toBeCloseTo((900 + 900) / 3, 9);
    [2 / 3, -2 / 3, 0].forEach((value, at) => expect(wrong.dDrive[at]).toBeCloseTo(value, 12));
  });
});
