/**
 * A matrix product of the size that the experiments use, against double precision: small shapes, as in the golden episode, may take other
 * kernels. It also tells whether a backend multiplies at reduced precision.
 */
import type { GoldenCheck } from './golden.ts';
import type { Operations, Precision, Tensor } from '../backend/operations.ts';

const rows = 64;
const width = 1040;

/**
 * Largest error allowed, as a share of the product of the norms of the row and the column. Float32 sums come to about 1e-7, factors
 * rounded to TF32 (10 bits) to about 2e-5, to bfloat16 (8 bits) to about 1e-4.
 */
export const productTolerances: Readonly<Record<Precision, number>> = { float32: 2e-6, mixed: 2e-3 };

/** Factors in [-1, 1) that no format shorter than float32 holds exactly; a million of them in milliseconds, at every start of a process. */
function createMatrix(length: number, seed: number): Float32Array {
  const matrix = new Float32Array(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    // A linear congruential generator modulo 2^32 (the constants of Numerical Recipes).
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    matrix[at] = state / 2 ** 31;
  }
  return matrix;
}

/** The error of [64, 1040] · [1040, 1040] in all four layouts, as a share (see `productTolerances`). */
export async function measureProductError(operations: Operations): Promise<number> {
  const { matMul, slice, transpose } = operations;
  const a = createMatrix(rows * width, 1);
  const b = createMatrix(width * width, 2);
  const strip = rows;
  const results = operations.tidy((): Tensor[] => {
    const [left, right] = [operations.tensor(a, [rows, width]), operations.tensor(b, [width, width])];
    const [leftFlipped, rightFlipped] = [transpose(left, [1, 0]), transpose(right, [1, 0])];
    const products = [
      matMul(left, right),
      matMul(leftFlipped, right, true),
      matMul(left, rightFlipped, false, true),
      operations.matMulTransposed(left, operations.transposed(rightFlipped, left.shape[0])),
    ];
    return products.map((product) => operations.keep(slice(product, [0, 0], [rows, strip])));
  });
  try {
    const actual = await operations.read(results);
    let error = 0;
    for (let index = 0; index < strip; index++) {
      // One entry a row, in a column of its own.
      const row = index;
      const column = (index * 37) % strip;
      let sum = 0;
      let [leftNorm, rightNorm] = [0, 0];
      for (let k = 0; k < width; k++) {
        const [x, y] = [a[row * width + k]!, b[k * width + column]!];
        sum += x * y;
        leftNorm += x * x;
        rightNorm += y * y;
      }
      for (const product of actual) {
        const difference = Math.abs(product[row * strip + column]! - sum) / Math.sqrt(leftNorm * rightNorm);
        error = Math.max(error, Number.isNaN(difference) ? Infinity : difference);
      }
    }
    return error;
  } finally {
    results.forEach((result) => operations.dispose(result));
  }
}

export async function checkGoldenProduct(operations: Operations, precision: Precision = 'float32'): Promise<GoldenCheck> {
  const error = await measureProductError(operations);
  const allowed = productTolerances[precision];
  if (error <= allowed) return { ok: true };
  const reason = `a matrix product of ${width} × ${width} is off by ${error.toExponential(1)}, where ${precision} allows ${allowed.toExponential(0)}`;
  return { ok: false, reason };
}
