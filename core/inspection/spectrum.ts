/** The singular values of the trace: how many independent associations it holds, and how strong each is. */
import { dot, traceMatrix, type TraceFactors } from './trace-factors.ts';

/** Of the cosine between two rows below which they count as orthogonal. */
const orthogonal = 1e-10;
const mostSweeps = 30;

/**
 * Largest first: min(U, N) of them for U distinct activations and N neurons; the others are zero.
 * @param right G(t), [U, N].
 */
export function traceSpectrum(factors: TraceFactors, right: Float64Array): Float64Array {
  const { count, left } = factors;
  const { neurons } = factors.episode;
  if (count >= neurons) return singularValues(Float64Array.from(traceMatrix(factors, right)), neurons, neurons);
  // hebb = Lᵀ G. With L = A Q, the rows of Q orthonormal, it is Qᵀ (Aᵀ G), and Q changes no singular value.
  const lower = gramSchmidt(Float64Array.from(left), count, neurons);
  const product = new Float64Array(count * neurons);
  for (let row = 0; row < count; row++) {
    for (let u = row; u < count; u++) {
      const factor = lower[u * count + row]!;
      if (factor !== 0) for (let j = 0; j < neurons; j++) product[row * neurons + j]! += factor * right[u * neurons + j]!;
    }
  }
  // Once more, so that the rotations are of short rows.
  return singularValues(gramSchmidt(product, count, neurons), count, count);
}

/** The lower triangular A of rows = A Q, [R, R]; `rows` become Q. Rows that depend on earlier ones get a zero row of Q. */
function gramSchmidt(rows: Float64Array, count: number, length: number): Float64Array {
  const lower = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    const size = norm(rows, row, length);
    // Twice: what rounding leaves of the first time is as large as what is looked for where rows are nearly parallel.
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < row; other++) {
        const share = dot(rows, row, other, length);
        lower[row * count + other]! += share;
        for (let at = 0; at < length; at++) rows[row * length + at]! -= share * rows[other * length + at]!;
      }
    }
    const rest = norm(rows, row, length);
    const isNew = rest > 1e-12 * size;
    lower[row * count + row] = isNew ? rest : 0;
    for (let at = 0; at < length; at++) rows[row * length + at] = isNew ? rows[row * length + at]! / rest : 0;
  }
  return lower;
}

/** By one-sided Jacobi rotations of the rows until they are orthogonal (Hestenes 1958); their lengths are then the singular values. */
function singularValues(rows: Float64Array, count: number, length: number): Float64Array {
  for (let sweep = 0, isDone = false; !isDone && sweep < mostSweeps; sweep++) {
    isDone = true;
    for (let p = 0; p < count; p++) {
      for (let q = p + 1; q < count; q++) {
        const [a, b, c] = [dot(rows, p, p, length), dot(rows, q, q, length), dot(rows, p, q, length)];
        if (Math.abs(c) <= orthogonal * Math.sqrt(a * b)) continue;
        isDone = false;
        const half = (b - a) / (2 * c);
        const tangent = Math.sign(half || 1) / (Math.abs(half) + Math.hypot(1, half));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = cosine * tangent;
        for (let at = 0; at < length; at++) {
          const [x, y] = [rows[p * length + at]!, rows[q * length + at]!];
          rows[p * length + at] = cosine * x - sine * y;
          rows[q * length + at] = sine * x + cosine * y;
        }
      }
    }
  }
  return Float64Array.from({ length: count }, (_, row) => norm(rows, row, length))
    .sort()
    .reverse();
}

function norm(rows: Float64Array, row: number, length: number): number {
  return Math.sqrt(dot(rows, row, row, length));
}
