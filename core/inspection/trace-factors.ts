/**
 * The Hebbian trace of an episode without building it: hebb(t) = Σ_u uᵀ G_u(t) over the distinct activations u that stood before others, so that a
 * picture of it, one value of it, or its part in a neuron's drive is a short sum (arXiv 1804.02464, eq. 2; Oja's rule: its section 3.1).
 *
 * hebb:      hebb(t+1) = (1 - eta) hebb(t) + eta y(t-1)ᵀ y(t)
 * oja:       hebb(t+1) = hebb(t) + eta y(t) ∘ (y(t-1)ᵀ - y(t) ∘ hebb(t))
 * modulated: hebb(t+1) = hebb(t) + m(t) y(t-1)ᵀ y(t)
 * retroactive: hebb(t+1) = hebb(t) + m(t) E(t), E(t+1) = (1 - eta) E(t) + eta y(t-1)ᵀ y(t)
 * own:       whatever a rule of the user's makes of it, connection by connection: no sum of few products. Its trace is given; G(t) is hebb(t) itself
 *            over the rows of the unit matrix. Its values are read, not summed: 0 times one that is infinite would make NaN of others.
 */

export type TraceRule = 'hebb' | 'oja' | 'modulated' | 'retroactive' | 'own';

export interface ObservedEpisode {
  readonly rule: TraceRule;
  /** Without meaning under `modulated`. */
  readonly eta: number;
  readonly steps: number;
  readonly neurons: number;
  /** y(1) to y(T), [T, N]; y(0) = 0. */
  readonly y: Float32Array;
  /** m(1) to m(T), under `modulated` and `retroactive`. */
  readonly modulators?: Float32Array;
  /** hebb(1) to hebb(T + 1), [T + 1, N, N], under `own`. */
  readonly traces?: Float32Array;
  /** hebb = 0 when this step begins, and nothing is eligible (see `Protocol`). */
  readonly clearedAt?: number;
}

export interface TraceFactors {
  readonly episode: ObservedEpisode;
  /** The distinct u, [U, N]. */
  readonly left: Float32Array;
  readonly count: number;
  /** Which u the pair that step s leaves behind begins with: y(s-1). Undefined for step 1, whose y(0) is zero. */
  leftOf(step: number): number | undefined;
}

export function createTraceFactors(episode: ObservedEpisode): TraceFactors {
  const { steps, neurons } = episode;
  if (episode.rule === 'own') {
    const unit = Float32Array.from({ length: neurons ** 2 }, (_, at) => (at % (neurons + 1) === 0 ? 1 : 0));
    return { episode, left: unit, count: neurons, leftOf: () => undefined };
  }
  const rows: Float32Array[] = [];
  const known = new Map<number, number[]>();
  const place = new Array<number | undefined>(steps + 1).fill(undefined);
  for (let step = 2; step <= steps; step++) {
    const u = activation(episode, step - 1);
    const key = fingerprint(u);
    const candidates = known.get(key) ?? [];
    let found = candidates.find((row) => isSame(rows[row]!, u));
    if (found === undefined) {
      found = rows.length;
      rows.push(u);
      known.set(key, [...candidates, found]);
    }
    place[step] = found;
  }
  const left = new Float32Array(rows.length * neurons);
  rows.forEach((row, at) => left.set(row, at * neurons));
  return { episode, left, count: rows.length, leftOf: (step) => place[step] };
}

/**
 * G(t), [U, N], in double precision: what step t (from 1 to T + 1) meets.
 * @param only the steps whose pairs count; all without. Under `own` nobody knows what each step wrote: `only` does not matter.
 */
export function rightFactors(factors: TraceFactors, t: number, only?: (step: number) => boolean): Float64Array {
  const { episode, count, leftOf } = factors;
  const { rule, eta, neurons, modulators, clearedAt = 1 } = episode;
  if (rule === 'own') return Float64Array.from(givenTrace(episode, t));
  const first = t >= clearedAt ? clearedAt : 1;
  const right = new Float64Array(count * neurons);
  /** What of a change at step s is left at t. */
  let decay = rule === 'retroactive' ? 0 : 1;
  const decays = rule === 'oja' ? new Float64Array(neurons).fill(1) : undefined;
  for (let s = t - 1; s >= first; s--) {
    const v = activation(episode, s);
    const u = leftOf(s);
    if (u !== undefined && (only === undefined || only(s))) {
      const gain = rule === 'modulated' ? modulators![s - 1]! : eta * decay;
      for (let j = 0; j < neurons; j++) right[u * neurons + j]! += gain * v[j]! * (decays === undefined ? 1 : decays[j]!);
    }
    if (rule === 'hebb') decay *= 1 - eta;
    // What was eligible before is written by every later modulator.
    if (rule === 'retroactive') decay = modulators![s - 1]! + (1 - eta) * decay;
    if (decays !== undefined) for (let j = 0; j < neurons; j++) decays[j]! *= 1 - eta * v[j]! ** 2;
  }
  return right;
}

/** hebb(t), [N, N], not copied: under `own`. */
export function givenTrace({ traces, neurons }: ObservedEpisode, t: number): Float32Array {
  return traces!.subarray((t - 1) * neurons ** 2, t * neurons ** 2);
}

/** The same episode with some of its neurons: what concerns one connection takes as little as that. Not under `own`. */
export function restrict({ episode, left, count, leftOf }: TraceFactors, neurons: readonly number[]): TraceFactors {
  const pick = (values: Float32Array, rows: number) => {
    const picked = new Float32Array(rows * neurons.length);
    for (let row = 0; row < rows; row++)
      neurons.forEach((neuron, at) => (picked[row * neurons.length + at] = values[row * episode.neurons + neuron]!));
    return picked;
  };
  return {
    episode: { ...episode, neurons: neurons.length, y: pick(episode.y, episode.steps) },
    left: pick(left, count),
    count,
    leftOf,
  };
}

/** hebb_ij, given G(t). */
export function traceValue({ left, count, episode: { rule, neurons } }: TraceFactors, right: Float64Array, i: number, j: number): number {
  if (rule === 'own') return right[i * neurons + j]!;
  let sum = 0;
  for (let u = 0; u < count; u++) sum += left[u * neurons + i]! * right[u * neurons + j]!;
  return sum;
}

/** hebb_ij(1) to hebb_ij(T): of the two neurons alone, where all of them would take seconds. */
export function traceOfSynapse(factors: TraceFactors, i: number, j: number): Float64Array {
  const { episode } = factors;
  const { rule, steps, neurons } = episode;
  if (rule === 'own') return Float64Array.from({ length: steps }, (_, at) => givenTrace(episode, at + 1)[i * neurons + j]!);
  const pair = restrict(factors, [i, j]);
  return Float64Array.from({ length: steps }, (_, at) => traceValue(pair, rightFactors(pair, at + 1), 0, 1));
}

/** hebb(t) as float32 of the sums in double precision, [N, N] as [pre, post]. */
export function traceMatrix(factors: TraceFactors, right: Float64Array): Float32Array {
  const { left, count, episode } = factors;
  const { rule, neurons } = episode;
  if (rule === 'own') return Float32Array.from(right);
  const matrix = new Float32Array(neurons ** 2);
  const row = new Float64Array(neurons);
  for (let i = 0; i < neurons; i++) {
    row.fill(0);
    let u = 0;
    // Four terms a pass spare the row's loads and stores; added in their order, the sum has the same bits.
    for (; u + 4 <= count; u += 4) {
      const first = u * neurons;
      const [second, third, fourth] = [first + neurons, first + 2 * neurons, first + 3 * neurons];
      const [a, b, c, d] = [left[first + i]!, left[second + i]!, left[third + i]!, left[fourth + i]!];
      for (let j = 0; j < neurons; j++)
        row[j] = row[j]! + a * right[first + j]! + b * right[second + j]! + c * right[third + j]! + d * right[fourth + j]!;
    }
    for (; u < count; u++) {
      const x = left[u * neurons + i]!;
      for (let j = 0; j < neurons; j++) row[j]! += x * right[u * neurons + j]!;
    }
    matrix.set(row, i * neurons);
  }
  return matrix;
}

/** The Frobenius norm of hebb(t): √ Σ_uv (u · v)(G_u · G_v). */
export function traceNorm(factors: TraceFactors, right: Float64Array): number {
  const { count, episode } = factors;
  const { neurons } = episode;
  // Over the rows of the unit matrix.
  if (episode.rule === 'own') return Math.sqrt(right.reduce((sum, value) => sum + value ** 2, 0));
  const products = productsOf(factors);
  let sum = 0;
  for (let a = 0; a < count; a++) {
    const square = dot(right, a, a, neurons);
    // Nothing was written with it yet.
    if (square === 0) continue;
    sum += products[a * count + a]! * square;
    for (let b = 0; b < a; b++) {
      const product = products[a * count + b]!;
      if (product !== 0) sum += 2 * product * dot(right, a, b, neurons);
    }
  }
  return Math.sqrt(Math.max(0, sum));
}

const knownProducts = new WeakMap<TraceFactors, Float64Array>();

/** u · v, [U, U], of which the lower half is filled; once for all steps. */
function productsOf(factors: TraceFactors): Float64Array {
  const known = knownProducts.get(factors);
  if (known !== undefined) return known;
  const { count, episode } = factors;
  const left = Float64Array.from(factors.left);
  const products = new Float64Array(count ** 2);
  for (let a = 0; a < count; a++) for (let b = 0; b <= a; b++) products[a * count + b] = dot(left, a, b, episode.neurons);
  knownProducts.set(factors, products);
  return products;
}

/** Of rows of one kind of array alone: this loop is the cost of a norm, and is slower by half where it has to take two kinds. */
export function dot(rows: Float64Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += rows[a * length + at]! * rows[b * length + at]!;
  return sum;
}

/** y(t), [N], not copied. */
export function activation({ y, neurons }: Pick<ObservedEpisode, 'y' | 'neurons'>, step: number): Float32Array {
  return y.subarray((step - 1) * neurons, step * neurons);
}

function fingerprint(values: Float32Array): number {
  let hash = 0;
  for (let at = 0; at < values.length; at += 1 + (values.length >> 6)) hash = (hash * 31 + Math.fround(values[at]! * 1e6)) % 2 ** 40;
  return hash;
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  for (let at = 0; at < a.length; at++) if (!Object.is(a[at], b[at])) return false;
  return true;
}
