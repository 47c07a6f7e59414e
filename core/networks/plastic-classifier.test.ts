import { describe, expect, it } from 'vitest';
import { availableBackends } from '../backend/test-backends.ts';
import type { Operations } from '../backend/operations.ts';
import { createRandom } from '../random.ts';
import type { FewShotBatch } from '../tasks/few-shot.ts';
import { createPlasticClassifier, type PlasticClassifierOptions } from './plastic-classifier.ts';
import { runPlain, type PlainClassifier } from './test-support/plain-classifier.ts';

const small: PlasticClassifierOptions = {
  side: 15,
  features: 4,
  ways: 3,
  labelScale: 2,
  alphaKind: 'free',
  rule: 'oja',
  initialW: 0.5,
  initialAlpha: 3,
  initialEta: 0.3,
};

function drawBatch(side: number, ways: number, batch = 2): FewShotBatch {
  const random = createRandom(side, 'images');
  const presentations = 2 * ways;
  return {
    batch,
    ways,
    presentations,
    side,
    images: Float32Array.from({ length: batch * (presentations + 1) * side * side }, () => random.uniform()),
    labels: Uint8Array.from({ length: batch * presentations }, (_, at) => at % ways),
    targets: Uint8Array.from({ length: batch }, (_, at) => (at + 1) % ways),
  };
}

/** The network as other programs have it, in double precision. */
async function exportPlain(operations: Operations, options: PlasticClassifierOptions): Promise<PlainClassifier> {
  const network = createPlasticClassifier(operations, options, createRandom(3, 'initial weights'));
  const arrays = await network.weights();
  network.learned.dispose();
  const values = (name: string) => Float64Array.from(arrays[name]!.data);
  const layers = Array.from({ length: Math.log2(options.side + 1) - 1 }, (_, layer) => layer + 1);
  return {
    rule: options.rule,
    labelScale: options.labelScale,
    features: options.features,
    kernels: layers.map((layer) => values(`kernel${layer}`)),
    biases: layers.map((layer) => values(`bias${layer}`)),
    w: values('w'),
    alpha: values('alpha'),
    eta: values('eta')[0]!,
  };
}

function meanLoss(network: PlainClassifier, batch: FewShotBatch): number {
  const { presentations, side, images, labels, targets } = batch;
  const length = (presentations + 1) * side * side;
  const losses = Array.from(targets, (target, episode) => {
    const shown = images.subarray(episode * length, (episode + 1) * length);
    return runPlain(network, {
      images: shown,
      side,
      labels: labels.subarray(episode * presentations, (episode + 1) * presentations),
      target,
    }).loss;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

describe.each(await availableBackends({ emulated: true }))('the plastic classifier on $name', ({ backend: { operations } }) => {
  it.each([
    [7, 'free', 'oja'],
    [15, 'free', 'hebb'],
    [15, 'yoked', 'oja'],
    [31, 'none', 'oja'],
  ] as const)('answers as its equations do: %d pixels, %s, %s', async (side, alphaKind, rule) => {
    const options = { ...small, side, alphaKind, rule };
    const before = operations.liveTensors();
    const plain = await exportPlain(operations, options);
    const network = createPlasticClassifier(operations, options, createRandom(3, 'initial weights'));
    const batch = drawBatch(side, 3);
    const run = await network.run(batch, { forGradients: false });
    run.dispose();
    run.trajectories.forEach(({ y }, episode) => {
      const length = 7 * side * side;
      const images = batch.images.subarray(episode * length, (episode + 1) * length);
      const expected = runPlain(plain, { images, side, labels: [0, 1, 2, 0, 1, 2], target: batch.targets[episode]! });
      expected.y.forEach((value, j) => expect(y[6 * 3 + j]).toBeCloseTo(value, 5));
      expected.features.forEach((row, image) => {
        row.forEach((value, at) => expect(run.episodes[episode]!.features[image * 4 + at]).toBeCloseTo(value, 5));
      });
    });
    network.learned.dispose();
    expect(operations.liveTensors()).toBe(before);
  });

  it.each([
    [7, 'free', 'oja'],
    [15, 'free', 'hebb'],
    [15, 'yoked', 'oja'],
    [31, 'none', 'hebb'],
  ] as const)('has the gradients that small changes show: %d pixels, %s, %s', async (side, alphaKind, rule) => {
    const options = { ...small, side, alphaKind, rule };
    const batch = drawBatch(side, 3);
    const before = operations.liveTensors();
    const plain = await exportPlain(operations, options);
    const slope = (array: Float64Array, at: number) => {
      const changed = (by: number) => {
        const value = array[at]!;
        array[at] = value + by;
        const loss = meanLoss(plain, batch);
        array[at] = value;
        return loss;
      };
      return (changed(1e-4) - changed(-1e-4)) / 2e-4;
    };

    // A step of plain gradient descent, seen through the same export as the weights: no order of memory is taken for granted.
    const network = createPlasticClassifier(operations, options, createRandom(3, 'initial weights'));
    const run = await network.run(batch, { forGradients: true });
    const gradients = operations.tidy(() => {
      const { matrices, numbers } = run.differentiate();
      Object.values(matrices).forEach(operations.keep);
      Object.values(numbers).forEach((parts) => parts.forEach(({ tensor }) => operations.keep(tensor)));
      return { matrices, numbers };
    });
    run.dispose();
    const parts = Object.entries(gradients.matrices);
    const read = await operations.read(parts.map(([, tensor]) => tensor));
    const numbers = Object.entries(gradients.numbers).map(([name, [part]]) => [name, part!.tensor] as const);
    const readNumbers = await operations.read(numbers.map(([, tensor]) => tensor));
    [...parts, ...numbers].forEach(([, tensor]) => operations.dispose(tensor));

    const state = await network.learned.capture();
    network.learned.restore({
      ...state,
      ...Object.fromEntries(parts.map(([name], index) => [name, { ...state[name]!, data: read[index]! }])),
    });
    const asExported = await network.weights();
    network.learned.dispose();
    expect(operations.liveTensors()).toBe(before);

    const random = createRandom(side, 'places');
    const compare = (name: string, array: Float64Array) => {
      const gradient = asExported[name]!.data;
      // All of the small arrays, some of the large ones.
      const places = array.length <= 40 ? [...array.keys()] : Array.from({ length: 40 }, () => random.integer(0, array.length - 1));
      const found = places.map((at) => gradient[at]!);
      const expected = places.map((at) => slope(array, at));
      const scale = Math.max(...expected.map(Math.abs));
      expect(scale).toBeGreaterThan(1e-6);
      found.forEach((value, index) => expect(Math.abs(value - expected[index]!) / scale).toBeLessThan(1e-3));
    };
    plain.kernels.forEach((kernel, layer) => compare(`kernel${layer + 1}`, kernel));
    plain.biases.forEach((bias, layer) => compare(`bias${layer + 1}`, bias));
    compare('w', plain.w);
    if (alphaKind === 'free') compare('alpha', plain.alpha);
    const number = (name: string) => readNumbers[numbers.findIndex(([other]) => other === name)]![0]!;
    const changed = (change: (by: number) => PlainClassifier) => (meanLoss(change(1e-4), batch) - meanLoss(change(-1e-4), batch)) / 2e-4;
    if (alphaKind !== 'none')
      expect(number('eta')).toBeCloseTo(
        changed((by) => ({ ...plain, eta: plain.eta + by })),
        4,
      );
    if (alphaKind === 'yoked')
      expect(number('alpha')).toBeCloseTo(
        changed((by) => ({ ...plain, alpha: plain.alpha.map((value) => value + by) })),
        4,
      );
    expect(numbers.map(([name]) => name)).toEqual({ free: ['eta'], yoked: ['eta', 'alpha'], none: [] }[alphaKind]);
  });
});

describe('the plastic classifier', async () => {
  const { backend } = (await availableBackends()).find(({ name }) => name === 'wasm')!;

  it.each([
    ['free', 112_065],
    ['yoked', 111_746],
    ['none', 111_744],
  ] as const)('has as many parameters as the paper says: %s, %d', (alphaKind, count) => {
    const network = createPlasticClassifier(
      backend.operations,
      { ...small, side: 31, features: 64, ways: 5, alphaKind },
      createRandom(1, ''),
    );
    expect(network.learned.count).toBe(count);
    network.learned.dispose();
  });

  it('begins as the published code does', async () => {
    const network = createPlasticClassifier(
      backend.operations,
      { ...small, side: 31, features: 64, ways: 5, initialW: 0.01, initialAlpha: 0.01, initialEta: 0.01 },
      createRandom(1, ''),
    );
    const { kernel1, kernel2, bias2, w, alpha } = await network.weights();
    network.learned.dispose();
    const deviation = (values: ArrayLike<number>) =>
      Math.sqrt(Array.from(values).reduce((sum, value) => sum + value ** 2, 0) / values.length);
    // Uniform within ± 1/3 and ± 1/24.
    expect(Math.max(...kernel1!.data)).toBeLessThan(1 / 3);
    expect(deviation(kernel1!.data)).toBeCloseTo(1 / 3 / Math.sqrt(3), 1);
    expect(deviation(kernel2!.data)).toBeCloseTo(1 / 24 / Math.sqrt(3), 3);
    expect(Math.max(...bias2!.data)).toBeLessThan(1 / 24);
    expect(deviation(w!.data)).toBeCloseTo(0.01, 2);
    expect(Math.min(...alpha!.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...alpha!.data)).toBeLessThan(0.01);
  });

  it('refuses images that its layers do not leave one pixel of', () => {
    expect(() => createPlasticClassifier(backend.operations, { ...small, side: 28 }, createRandom(1, ''))).toThrow(
      'one of 7, 15, 31, 63, …, not 28',
    );
  });
});
