/**
 * A small recurrent network in one pass over its matrices a step: WebAssembly with SIMD, single precision, one thread. An episode's trace stays in the
 * processor's cache, and on the way back it is walked back by inverting its changes, so that hardly any of its history is stored.
 */
import { instantiateKernel } from './kernel-module.ts';
import { countTraces, createKeptTraces } from './kept-traces.ts';
import { createRows } from './rows.ts';
import { requireLength, type SmallRecurrent, type SmallRecurrentOptions, type Vector } from './small-recurrent.ts';
import { traceRules } from './trace-rule.ts';

/**
 * Memory: at most (6 + 2 ⌈√T⌉) P² + 3 (T + 1) P floats, P being N rounded up to a multiple of 4; of the 2 ⌈√T⌉ traces only those that are needed.
 * A network of 100 neurons for 250 steps takes 0.5 MB, and at most 1.8 MB.
 * @throws RangeError where that is more than the 4 GiB of WebAssembly.
 */
export function createFusedRecurrent(options: SmallRecurrentOptions): SmallRecurrent {
  const { neurons: n, steps, alphaKind } = options;
  const p = Math.ceil(n / 4) * 4;
  const plastic = alphaKind !== 'none';
  const isModulated = options.rule === 'modulated';
  const rule = traceRules[options.rule];
  const counts = countTraces(steps);
  const { memory, rows } = createRows({
    matrices: [6, p * p],
    // Row t of `ys` is y(t); the gain and decay of row t are those of the change that step t leaves behind.
    ys: [steps + 1, p],
    gains: [steps + 1, p],
    decays: [steps + 1, p],
    vectors: [5, p],
    // ∂loss/∂y(t) in a ring: of this step, the one before and the one before that.
    dys: [3, p],
    anchors: [counts.anchors, p * p],
    repeated: [counts.repeated, p * p],
  });
  const { matrices, ys, gains, decays, vectors, dys } = rows;
  const [wAt, alphaAt, traceAt, gAt, dWAt, dAlphaAt] = matrices.at as Six<number>;
  const [w, alpha, trace, g, dW, dAlpha] = matrices.of as Six<Float32Array>;
  const [driveAt, inverseAt, dAt, dGainAt, dDecayAt] = vectors.at as Five<number>;
  const [drive, inverse, d, dGain, dDecay] = vectors.of as Five<Float32Array>;
  const kernel = instantiateKernel(memory);
  const kept = createKeptTraces(steps, rows.anchors, rows.repeated, (t, from, to) =>
    kernel.advance(p, from, to, ys.at[t - 1]!, gains.at[t]!, decays.at[t]!),
  );

  let eta = 0;
  let dEta = 0;
  let step = 0;
  /** m(t) of the change that step t leaves behind. */
  const modulators = new Float64Array(steps + 1);
  const rateOf = (t: number) => (isModulated ? modulators[t]! : eta);

  /** Back through what y(t - 1) did: by the drive of step t, and by the change of the trace before that. Gives ∂loss/∂m(t - 1). */
  const recurBack = (t: number): number => {
    const [before, earlier] = [(t + 2) % 3, (t + 1) % 3];
    if (!plastic) {
      kernel.backwardPlain(p, dAt, wAt, dWAt, ys.at[t - 1]!, dys.at[before]!);
      return 0;
    }
    const old = kept.find(t - 1);
    const decay = decays.of[t - 1]!;
    if (old === 0) for (let j = 0; j < p; j++) inverse[j] = 1 / decay[j]!;
    dGain.fill(0);
    dDecay.fill(0);
    kernel.backward(
      p,
      dAt,
      wAt,
      alphaAt,
      traceAt,
      old,
      gAt,
      dWAt,
      dAlphaAt,
      ys.at[t - 1]!,
      ys.at[t - 2]!,
      gains.at[t - 1]!,
      decays.at[t - 1]!,
      inverseAt,
      dys.at[before]!,
      dys.at[earlier]!,
      dGainAt,
      dDecayAt,
    );
    const dRate = rule.differentiate(ys.of[t - 1]!, rateOf(t - 1), dGain, dDecay, dys.of[before]!);
    if (isModulated) return dRate;
    dEta += dRate;
    return 0;
  };

  return {
    setWeights: (weights) => {
      requireLength('w', weights.w, n * n);
      requireLength('alpha', weights.alpha, { free: n * n, yoked: 1, none: 0 }[alphaKind]);
      eta = weights.eta;
      dEta = 0;
      pad(w, weights.w, n, p);
      if (plastic) pad(alpha, alphaKind === 'yoked' ? new Float32Array(n * n).fill(weights.alpha[0]!) : weights.alpha, n, p);
      dW.fill(0);
      dAlpha.fill(0);
    },

    begin: () => {
      step = 0;
      ys.of[0]!.fill(0);
      trace.fill(0);
      g.fill(0);
      for (const dy of dys.of) dy.fill(0);
      kept.begin();
    },

    step: (input, modulator = 0) => {
      requireLength('a drive', input, n);
      if (step === steps) throw new RangeError(`this network has room for ${steps} steps`);
      modulators[step] = modulator;
      step++;
      drive.set(input);
      drive.fill(0, n);
      if (step > 1) {
        const t = step - 1;
        if (plastic) {
          rule.write(ys.of[t]!, rateOf(t), gains.of[t]!, decays.of[t]!);
          kept.keep(t, trace, decays.of[t]!);
          kernel.forward(p, driveAt, wAt, alphaAt, traceAt, ys.at[t]!, ys.at[t - 1]!, gains.at[t]!, decays.at[t]!);
        } else kernel.forwardPlain(p, driveAt, wAt, ys.at[t]!);
      }
      kernel.squash(p, driveAt, ys.at[step]!);
      return ys.of[step]!.subarray(0, n);
    },

    stepBack: (dy) => {
      requireLength('∂loss/∂y', dy, n);
      if (step === 0) throw new RangeError('every step of this episode has gone back already');
      const t = step--;
      const [y, dOwn] = [ys.of[t]!, dys.of[t % 3]!];
      for (let j = 0; j < n; j++) d[j] = (dy[j]! + dOwn[j]!) * (1 - y[j]! * y[j]!);
      // This place of the ring is ∂loss/∂y(t - 3) from now on.
      dOwn.fill(0);
      const modulator = t > 1 ? recurBack(t) : 0;
      return { drive: d.subarray(0, n), modulator };
    },

    gradients: () => {
      const alphas = () => unpad(dAlpha, n, p);
      const sum = () => alphas().reduce((total, value) => total + value, 0);
      return {
        w: unpad(dW, n, p),
        alpha: { free: alphas, yoked: () => Float32Array.of(sum()), none: () => new Float32Array(0) }[alphaKind](),
        eta: dEta,
      };
    },
    traceNorm: () => Math.sqrt(trace.reduce((total, value) => total + value * value, 0)),
  };
}

type Five<Item> = [Item, Item, Item, Item, Item];
type Six<Item> = [...Five<Item>, Item];

/** [n, n] into the beginning of each row of [p, p]. */
function pad(to: Float32Array, from: Vector, n: number, p: number): void {
  to.fill(0);
  for (let i = 0; i < n; i++) to.set(from.subarray(i * n, (i + 1) * n), i * p);
}

function unpad(from: Float32Array, n: number, p: number): Float32Array {
  const values = new Float32Array(n * n);
  for (let i = 0; i < n; i++) values.set(from.subarray(i * p, i * p + n), i * n);
  return values;
}
