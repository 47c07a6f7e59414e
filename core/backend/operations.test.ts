import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { availableBackends } from './test-backends.ts';
import type { Operations, Tensor } from './operations.ts';

interface Matrix {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const matrix = (shape: readonly number[], ...values: number[]): Matrix => ({ shape, values });
const square = matrix([2, 2], 1, 2, 3, 4);
const wide = matrix([2, 3], 1, 2, 3, 4, 5, 6);
const tall = matrix([3, 2], 1, 0, 2, 1, 0, 3);
const row = matrix([1, 3], 10, 20, 30);
const column = matrix([2, 1], 2, -1);
const cube = matrix([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8);
const other = matrix([2, 2, 2], 1, 0, 0, 1, 0, 1, 1, 0);
/** Three rows of four pixels, and of them what two by two see. */
const picture = matrix([1, 3, 4, 1], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
const kernel = matrix([2, 2, 1, 1], 1, 0, 0, 10);
const apart = matrix([1, 1, 2, 1], 1, 2);
/** An LSTM's of one unit: gates of a half, and a candidate of a half. */
const drive = matrix([1, 4], 0, 0, 0, Math.atanh(0.5));
const halves = matrix([1, 6], 0.5, 0.5, 0.5, 0.5, 0, 0);

type Case = readonly [name: string, inputs: readonly Matrix[], run: (o: Operations, ...t: Tensor[]) => Tensor, expected: Matrix];

/** Numbers that can be checked by hand. */
const cases: readonly Case[] = [
  ['matMul', [wide, tall], (o, a, b) => o.matMul(a, b), matrix([2, 2], 5, 11, 14, 23)],
  ['matMul aᵀ b', [wide, square], (o, a, b) => o.matMul(a, b, true), matrix([3, 2], 13, 18, 17, 24, 21, 30)],
  ['matMul a bᵀ', [wide, row], (o, a, b) => o.matMul(a, b, false, true), matrix([2, 1], 140, 320)],
  ['matMul aᵀ bᵀ', [wide, tall], (o, a, b) => o.matMul(a, b, true, true), matrix([3, 3], 1, 6, 12, 2, 9, 15, 3, 12, 18)],
  ['batchMatMul', [cube, other], (o, a, b) => o.batchMatMul(a, b), matrix([2, 2, 2], 1, 2, 3, 4, 6, 5, 8, 7)],
  ['batchMatMul aᵀ b', [cube, other], (o, a, b) => o.batchMatMul(a, b, true), matrix([2, 2, 2], 1, 3, 2, 4, 7, 5, 8, 6)],
  ['batchMatMul a bᵀ', [cube, cube], (o, a, b) => o.batchMatMul(a, b, false, true), matrix([2, 2, 2], 5, 11, 11, 25, 61, 83, 83, 113)],
  ['matMulTransposed', [wide, row], (o, a, b) => o.matMulTransposed(a, o.transposed(b, 2)), matrix([2, 1], 140, 320)],
  ['matMulTransposed, more rows', [wide, row], (o, a, b) => o.matMulTransposed(a, o.transposed(b, 100)), matrix([2, 1], 140, 320)],
  ['convolve', [picture, kernel], (o, x, k) => o.convolve(x, k, 2), matrix([1, 1, 2, 1], 61, 83)],
  ['convolve by steps of one', [picture, kernel], (o, x, k) => o.convolve(x, k, 1), matrix([1, 2, 3, 1], 61, 72, 83, 105, 116, 127)],
  [
    'convolveInputGradient',
    [kernel, apart],
    (o, k, dy) => o.convolveInputGradient([1, 3, 4, 1], k, dy, 2),
    matrix([1, 3, 4, 1], 1, 0, 2, 0, 0, 10, 0, 20, 0, 0, 0, 0),
  ],
  [
    'convolveKernelGradient',
    [picture, apart],
    (o, x, dy) => o.convolveKernelGradient(x, [2, 2, 1, 1], dy, 2),
    matrix([2, 2, 1, 1], 1 + 6, 2 + 8, 5 + 14, 6 + 16),
  ],
  ['add', [wide, row], (o, a, b) => o.add(a, b), matrix([2, 3], 11, 22, 33, 14, 25, 36)],
  ['subtract', [wide, column], (o, a, b) => o.subtract(a, b), matrix([2, 3], -1, 0, 1, 5, 6, 7)],
  ['multiply', [wide, wide], (o, a, b) => o.multiply(a, b), matrix([2, 3], 1, 4, 9, 16, 25, 36)],
  ['multiply a row', [row, wide], (o, a, b) => o.multiply(a, b), matrix([2, 3], 10, 40, 90, 40, 100, 180)],
  ['multiply a row by a column', [row, column], (o, a, b) => o.multiply(a, b), matrix([2, 3], 20, 40, 60, -10, -20, -30)],
  [
    'multiply [rows, B, 1] by [1, B, n]',
    [matrix([2, 2, 1], 1, 2, 3, 4), matrix([1, 2, 2], 1, 10, 100, 1000)],
    (o, a, b) => o.multiply(a, b),
    matrix([2, 2, 2], 1, 10, 200, 2000, 3, 30, 400, 4000),
  ],
  ['addAll of one', [wide], (o, ...all) => o.addAll(all), wide],
  ['addAll of three', [wide, wide, wide], (o, ...all) => o.addAll(all), matrix([2, 3], 3, 6, 9, 12, 15, 18)],
  ['addAll of more than a shader reads', Array.from({ length: 30 }, () => wide), (o, ...all) => o.addAll(all), matrix([2, 3], 30, 60, 90, 120, 150, 180)],
  ['concat of more than a shader reads', Array.from({ length: 30 }, () => column), (o, ...all) => o.sumLast(o.concat(all, 1)), matrix([2, 1], 60, -30)],
  ['scale', [wide], (o, a) => o.scale(a, -0.5), matrix([2, 3], -0.5, -1, -1.5, -2, -2.5, -3)],
  ['tanh', [matrix([1, 4], 0, 0.5, -2, 40)], (o, a) => o.tanh(a), matrix([1, 4], 0, Math.tanh(0.5), Math.tanh(-2), 1)],
  ['tanhGradient', [matrix([1, 3], 0, 0.5, 1), row], (o, y, dy) => o.tanhGradient(y, dy), matrix([1, 3], 10, 15, 0)],
  ['sumRows', [wide], (o, a) => o.sumRows(a), matrix([1, 3], 5, 7, 9)],
  ['sumRows of one', [row], (o, a) => o.sumRows(a), row],
  ['sumLast', [wide], (o, a) => o.sumLast(a), matrix([2, 1], 6, 15)],
  ['sumLast of three axes', [cube], (o, a) => o.sumLast(a), matrix([2, 2, 1], 3, 7, 11, 15)],
  ['sumSquares', [cube], (o, a) => o.sumSquares(a), matrix([1], 204)],
  ['reshape', [wide], (o, a) => o.reshape(a, [3, 1, 2]), matrix([3, 1, 2], 1, 2, 3, 4, 5, 6)],
  ['slice of rows', [tall], (o, a) => o.slice(a, [1, 0], [2, 2]), matrix([2, 2], 2, 1, 0, 3)],
  ['slice of columns', [wide], (o, a) => o.slice(a, [0, 1], [2, 2]), matrix([2, 2], 2, 3, 5, 6)],
  ['slice of three axes', [cube], (o, a) => o.slice(a, [0, 1, 0], [2, 1, 2]), matrix([2, 1, 2], 3, 4, 7, 8)],
  ['concat of one', [wide], (o, ...all) => o.concat(all, 0), wide],
  ['concat of rows', [wide, row], (o, ...all) => o.concat(all, 0), matrix([3, 3], 1, 2, 3, 4, 5, 6, 10, 20, 30)],
  ['concat of columns', [wide, column], (o, ...all) => o.concat(all, 1), matrix([2, 4], 1, 2, 3, 2, 4, 5, 6, -1)],
  ['lstmCell', [drive], (o, z) => o.lstmCell(z, undefined, undefined), matrix([1, 6], 0.5, 0.5, 0.5, 0.5, 0.25, 0.5 * Math.tanh(0.25))],
  [
    'lstmCell after another step',
    [drive, matrix([1, 4], Math.log(3), 0, 0, 0), matrix([1, 6], 0, 0, 0, 0, 2, 0)],
    (o, z, recurrent, before) => o.lstmCell(z, recurrent, before),
    matrix([1, 6], 0.75, 0.5, 0.5, 0.5, 1.375, 0.5 * Math.tanh(1.375)),
  ],
  [
    'lstmCellGradient',
    [halves, matrix([1, 1], 1)],
    (o, state, dHidden) => o.lstmCellGradient(state, undefined, dHidden, undefined),
    matrix([1, 5], 0.0625, 0, 0, 0.1875, 0.25),
  ],
  [
    'lstmCellGradient between other steps',
    [halves, matrix([1, 6], 0, 0, 0, 0, 2, 0), matrix([1, 1], 1), matrix([1, 5], 9, 9, 9, 9, 1)],
    (o, state, before, dHidden, after) => o.lstmCellGradient(state, before, dHidden, after),
    matrix([1, 5], 0.1875, 0.75, 0, 0.5625, 0.75),
  ],
  ['pad', [square], (o, a) => o.pad(a, [[1, 0], [0, 2]]), matrix([3, 4], 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0)],
  ['transpose', [wide], (o, a) => o.transpose(a, [1, 0]), matrix([3, 2], 1, 4, 2, 5, 3, 6)],
  ['transpose of three axes', [cube], (o, a) => o.transpose(a, [1, 0, 2]), matrix([2, 2, 2], 1, 2, 5, 6, 3, 4, 7, 8)],
]; // prettier-ignore

async function evaluate(operations: Operations, inputs: readonly Matrix[], run: Case[2]): Promise<Matrix> {
  const result = operations.tidy(() => {
    const tensors = inputs.map(({ values, shape }) => operations.tensor(Float32Array.from(values), shape));
    return operations.keep(run(operations, ...tensors));
  });
  try {
    return { shape: [...result.shape], values: [...(await operations.read([result]))[0]!] };
  } finally {
    operations.dispose(result);
  }
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const differences = Array.from(expected, (value, index) => Math.abs(value - actual[index]!) / Math.max(1, Math.abs(value)));
  expect(Math.max(...differences.map((value) => (Number.isNaN(value) ? Infinity : value)))).toBeLessThan(tolerance);
}

/** Row-major [m, k] · [k, n] in double precision. */
function multiplyPlain(a: Float32Array, b: Float32Array, k: number): Float64Array {
  const [m, n] = [a.length / k, b.length / k];
  return Float64Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let s = 0; s < k; s++) sum += a[i * k + s]! * b[s * n + j]!;
    return sum;
  });
}

interface Convolved {
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dKernel: Float64Array;
}

/** [n, h, w, c] with [k, k, c, f], and what dy passes back, as the definition stands. */
function convolvePlain(sizes: readonly number[], stride: number, x: Float32Array, kernel: Float32Array, dy: Float32Array): Convolved {
  const [n, h, w, c, k, f] = sizes as [number, number, number, number, number, number];
  const [rows, columns] = [h, w].map((side) => Math.floor((side - k) / stride) + 1) as [number, number];
  const result = { y: new Float64Array(dy.length), dx: new Float64Array(x.length), dKernel: new Float64Array(kernel.length) };
  for (let at = 0; at < dy.length; at++) {
    const [feature, column, row, image] = [
      at % f,
      Math.floor(at / f) % columns,
      Math.floor(at / f / columns) % rows,
      Math.floor(at / f / columns / rows),
    ];
    for (let tap = 0; tap < k * k * c; tap++) {
      const [input, kx, ky] = [tap % c, Math.floor(tap / c) % k, Math.floor(tap / c / k)];
      const pixel = ((image * h + row * stride + ky) * w + column * stride + kx) * c + input;
      result.y[at]! += x[pixel]! * kernel[tap * f + feature]!;
      result.dx[pixel]! += dy[at]! * kernel[tap * f + feature]!;
      result.dKernel[tap * f + feature]! += dy[at]! * x[pixel]!;
    }
  }
  expect(n * rows * columns * f).toBe(dy.length);
  return result;
}

function flipPlain(a: Float32Array, columns: number): Float32Array {
  const rows = a.length / columns;
  return a.map((_, at) => a[(at % rows) * columns + Math.floor(at / rows)]!);
}

describe.each(await availableBackends({ emulated: true }))('operations on $name', ({ backend: { operations } }) => {
  it.each(cases)('%s', async (_, inputs, run, expected) => {
    const before = operations.liveTensors();
    const actual = await evaluate(operations, inputs, run);
    expect(actual.shape).toEqual(expected.shape);
    expectClose(actual.values, expected.values, 1e-6);
    expect(operations.liveTensors()).toBe(before);
  });

  // Odd sizes, thin and thick: kernels differ by shape.
  it.each([
    [1, 16, 33],
    [3, 1, 5],
    [7, 130, 65],
    [33, 17, 1],
    [70, 260, 48],
    [35, 4100, 20],
    [36, 2100, 24],
    [2, 3, 40_000],
  ])('products of [%i, %i] by [.., %i] in every layout', async (m, k, n) => {
    const random = createRandom(m + k + n, 'operations');
    const draw = (count: number) => Float32Array.from({ length: count }, () => random.normal());
    const [a, b] = [draw(m * k), draw(k * n)];
    const expected = multiplyPlain(a, b, k);
    const before = operations.liveTensors();
    const results = operations.tidy(() => {
      const [left, right] = [operations.tensor(a, [m, k]), operations.tensor(b, [k, n])];
      const [leftFlipped, rightFlipped] = [operations.tensor(flipPlain(a, k), [k, m]), operations.tensor(flipPlain(b, n), [n, k])];
      const single = (tensor: Tensor) => operations.reshape(tensor, [1, ...tensor.shape]);
      return [
        operations.matMul(left, right),
        operations.matMul(leftFlipped, right, true),
        operations.matMul(left, rightFlipped, false, true),
        operations.matMul(leftFlipped, rightFlipped, true, true),
        operations.matMulTransposed(left, operations.transposed(rightFlipped, left.shape[0])),
        operations.batchMatMul(single(left), single(right)),
        operations.batchMatMul(single(left), single(rightFlipped), false, true),
      ].map((tensor) => operations.keep(tensor));
    });
    // Rounding errors of a sum grow with the root of its length.
    for (const values of await operations.read(results)) expectClose(values, expected, 5e-6 * Math.sqrt(k));
    results.forEach((tensor) => operations.dispose(tensor));
    expect(operations.liveTensors()).toBe(before);
  });

  it('a matrix that grows keeps what it was given, in the scope around', async () => {
    const before = operations.liveTensors();
    const parts = operations.tidy(() => {
      const row = (value: number) => operations.tensor(new Float32Array(3).fill(value), [1, 3]);
      const matrix = operations.growing(5, 3);
      operations.tidy(() => matrix.append([row(1), row(2)]));
      operations.tidy(() => matrix.append([operations.tensor(Float32Array.of(3, 3, 3, 4, 4, 4), [2, 3])]));
      expect(matrix.rows).toBe(4);
      const early = operations.keep(operations.scale(matrix.part(1, 3), 1));
      operations.tidy(() => matrix.append([row(5)]));
      return [early, operations.keep(operations.scale(matrix.part(0, 5), 1))];
    });
    const [early, all] = await operations.read(parts);
    expect([...early!]).toEqual([2, 2, 2, 3, 3, 3]);
    expect([...all!]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]);
    parts.forEach((part) => operations.dispose(part));
    expect(operations.liveTensors()).toBe(before);
  });

  // Sides that the stride divides and that it does not; thin, wide and many.
  it.each([
    [2, 7, 7, 1, 3, 5, 2],
    [3, 15, 9, 4, 3, 8, 2],
    [1, 6, 8, 3, 3, 2, 2],
    [2, 5, 4, 2, 2, 3, 1],
    [1, 3, 3, 16, 3, 16, 2],
    [2, 9, 11, 2, 4, 2, 3],
  ])('convolves [%i, %i, %i, %i] with %i pixels square to %i features by steps of %i, and back', async (n, h, w, c, k, f, stride) => {
    const random = createRandom(n + h + c, 'convolution');
    const draw = (count: number) => Float32Array.from({ length: count }, () => random.normal());
    const [rows, columns] = [h, w].map((side) => Math.floor((side - k) / stride) + 1) as [number, number];
    const [x, kernelValues, dy] = [draw(n * h * w * c), draw(k * k * c * f), draw(n * rows * columns * f)];
    const before = operations.liveTensors();
    const results = operations.tidy(() => {
      const [input, weights] = [operations.tensor(x, [n, h, w, c]), operations.tensor(kernelValues, [k, k, c, f])];
      const back = operations.tensor(dy, [n, rows, columns, f]);
      return [
        operations.convolve(input, weights, stride),
        operations.convolveInputGradient([n, h, w, c], weights, back, stride),
        operations.convolveKernelGradient(input, [k, k, c, f], back, stride),
      ].map((tensor) => operations.keep(tensor));
    });
    expect(results.map(({ shape }) => [...shape])).toEqual([
      [n, rows, columns, f],
      [n, h, w, c],
      [k, k, c, f],
    ]);
    const expected = convolvePlain([n, h, w, c, k, f], stride, x, kernelValues, dy);
    const [y, dx, dKernel] = await operations.read(results);
    expectClose(y!, expected.y, 1e-4);
    expectClose(dx!, expected.dx, 1e-4);
    expectClose(dKernel!, expected.dKernel, 1e-4);
    results.forEach((tensor) => operations.dispose(tensor));
    expect(operations.liveTensors()).toBe(before);
  });

  it('gives copies', async () => {
    const tensor = operations.tensor(Float32Array.of(1, 2), [2]);
    const [first] = await operations.read([tensor]);
    first![0] = 99;
    expect([...(await operations.read([tensor]))[0]!]).toEqual([1, 2]);
    operations.dispose(tensor);
  });

  it('frees everything when a body throws, also inside another', () => {
    const before = operations.liveTensors();
    const fail = () =>
      operations.tidy(() => {
        const outer = operations.tensor(new Float32Array(6), [2, 3]);
        operations.tidy(() => operations.keep(operations.scale(outer, 2)));
        return operations.matMul(outer, outer);
      });
    expect(fail).toThrow();
    expect(operations.liveTensors()).toBe(before);
  });

  it('frees the operand of a view, a slice and a single part without harm to the result', async () => {
    const views: ((a: Tensor) => Tensor)[] = [
      (a) => operations.reshape(a, [3, 2]),
      (a) => operations.slice(a, [0, 0], [2, 3]),
      (a) => operations.concat([a], 0),
      (a) => operations.addAll([a]),
    ];
    for (const view of views) {
      const operand = operations.tensor(Float32Array.from(wide.values), wide.shape);
      const result = view(operand);
      operations.dispose(operand);
      // Whatever took the operand's place would show.
      const next = operations.tensor(new Float32Array(6).fill(-1), [2, 3]);
      expect([...(await operations.read([result]))[0]!]).toEqual(wide.values);
      for (const tensor of [result, next]) operations.dispose(tensor);
    }
  });

  it("updates a parameter as Adam's paper says", async () => {
    const shape = [5, 7];
    const random = createRandom(3, 'adam');
    const draw = (scale: number) => Float32Array.from({ length: 35 }, () => scale * random.normal());
    const initial = { value: draw(1), firstMoment: new Float32Array(35), secondMoment: new Float32Array(35) };
    const [theta, m, v] = [Float64Array.from(initial.value), new Float64Array(35), new Float64Array(35)];
    const [learningRate, beta1, beta2, epsilon] = [0.01, 0.9, 0.999, 1e-8];
    const before = operations.liveTensors();
    const parameter = operations.parameter(initial, shape);
    for (let t = 1; t <= 20; t++) {
      const gradient = draw(10 ** random.integer(-3, 1));
      // Kingma and Ba 2015, algorithm 1, in double precision.
      gradient.forEach((g, i) => {
        m[i] = beta1 * m[i]! + (1 - beta1) * g;
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
        theta[i]! -= (learningRate * (m[i] / (1 - beta1 ** t))) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon);
      });
      const second = Math.sqrt(1 - beta2 ** t);
      const step = { stepSize: (learningRate * second) / (1 - beta1 ** t), beta1, beta2, epsilon: epsilon * second };
      operations.tidy(() => parameter.adam(operations.tensor(gradient, shape), step));
    }
    const values = await parameter.read();
    // TensorFlow takes 1 - beta2 from a float32 beta2, which shifts the second moment by 1e-5.
    expectClose(values.value, theta, 5e-5);
    expectClose(values.firstMoment, m, 5e-5);
    expectClose(values.secondMoment, v, 5e-5);
    // What is read can be written back, and the value is one that operations take.
    parameter.write(values);
    const doubled = operations.tidy(() => operations.keep(operations.scale(parameter.value(), 2)));
    expectClose(
      (await operations.read([doubled]))[0]!,
      values.value.map((value) => 2 * value),
      1e-6,
    );
    operations.dispose(doubled);
    parameter.dispose();
    expect(operations.liveTensors()).toBe(before);
  });

  it('keeps a parameter that was made and updated inside a body', async () => {
    const moments = { firstMoment: new Float32Array(2), secondMoment: new Float32Array(2) };
    const parameter = operations.tidy(() => {
      const made = operations.parameter({ value: Float32Array.of(1, 2), ...moments }, [2]);
      made.adam(operations.tensor(Float32Array.of(1, -1), [2]), { stepSize: 0.5, beta1: 0, beta2: 0, epsilon: 0 });
      return made;
    });
    expect([...(await parameter.read()).value]).toEqual([0.5, 2.5]);
    parameter.dispose();
  });
});
