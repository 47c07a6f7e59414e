/** The readable reference of a small recurrent network: every trace kept, plain loops in double precision. */
import { requireLength, type SmallRecurrent, type SmallRecurrentOptions, type SmallWeights } from './small-recurrent.ts';

/** One step: y(t-1), y(t), hebb(t), E(t), and m(t-1). */
interface StepRecord {
  readonly before: Float64Array;
  readonly y: Float64Array;
  readonly hebb: Float64Array;
  readonly eligibility: Float64Array;
  readonly modulator: number;
}

export function createReferenceRecurrent({ neurons: n, steps, alphaKind, rule }: SmallRecurrentOptions): SmallRecurrent {
  const size = n * n;
  let weights: SmallWeights = { w: new Float64Array(size), alpha: new Float64Array(size), eta: 0 };
  let records: StepRecord[] = [];
  /** Steps that have not gone back yet. */
  let left = 0;
  /** Whether the next step begins without a trace, and whether some step did. */
  let [clears, hasCleared] = [false, false];
  let dw = new Float64Array(size);
  let dAlpha = new Float64Array(size);
  let dEta = 0;
  /** ∂loss/∂hebb(t+1), ∂loss/∂y(t) by later steps, and ∂loss/∂y(t-1) by the trace that step t+1 met. */
  let dHebb = new Float64Array(size);
  /** ∂loss/∂E(t+1). */
  let dEligibility = new Float64Array(size);
  let dY = new Float64Array(n);
  let dYBefore = new Float64Array(n);
  const alphaAt = (at: number) => (alphaKind === 'none' ? 0 : weights.alpha[alphaKind === 'yoked' ? 0 : at]!);

  /** hebb(t+1) by the update that step t left behind. */
  const traceAfter = ({ before, y, hebb, eligibility }: StepRecord, modulator: number) =>
    hebb.map((h, at) => {
      const [u, v] = [before[Math.floor(at / n)]!, y[at % n]!];
      if (rule === 'retroactive') return h + modulator * eligibility[at]!;
      if (rule === 'hebb') return (1 - weights.eta) * h + weights.eta * u * v;
      return rule === 'oja' ? h + weights.eta * v * (u - v * h) : h + modulator * u * v;
    });

  /** E(t+1). */
  const eligibilityAfter = ({ before, y, eligibility }: StepRecord) =>
    eligibility.map((e, at) => (1 - weights.eta) * e + weights.eta * before[Math.floor(at / n)]! * y[at % n]!);

  /** Back through that update: from ∂loss/∂hebb(t+1) to hebb(t), y(t-1), y(t), eta and m(t), which is returned. */
  const traceBack = (
    { before, y, hebb, eligibility }: StepRecord,
    modulator: number,
    dBefore: Float64Array,
    dNow: Float64Array,
  ): number => {
    let dModulator = 0;
    for (let at = 0; at < size; at++) {
      const [i, j] = [Math.floor(at / n), at % n];
      const [g, u, v, h] = [dHebb[at]!, before[i]!, y[j]!, hebb[at]!];
      if (rule === 'retroactive') {
        const [ge, e] = [dEligibility[at]!, eligibility[at]!];
        dModulator += g * e;
        dEta += ge * (u * v - e);
        dBefore[i]! += weights.eta * ge * v;
        dNow[j]! += weights.eta * ge * u;
        dEligibility[at] = (1 - weights.eta) * ge + modulator * g;
        continue;
      }
      if (rule === 'modulated') {
        dModulator += g * u * v;
        dBefore[i]! += modulator * g * v;
        dNow[j]! += modulator * g * u;
        continue;
      }
      dBefore[i]! += weights.eta * g * v;
      if (rule === 'hebb') {
        dEta += g * (u * v - h);
        dNow[j]! += weights.eta * g * u;
        dHebb[at] = (1 - weights.eta) * g;
      } else {
        dEta += g * v * (u - v * h);
        dNow[j]! += weights.eta * g * (u - 2 * v * h);
        dHebb[at] = (1 - weights.eta * v * v) * g;
      }
    }
    return dModulator;
  };

  return {
    setWeights: (next) => {
      requireLength('w', next.w, size);
      requireLength('alpha', next.alpha, { free: size, yoked: 1, none: 0 }[alphaKind]);
      weights = next;
      [dw, dAlpha, dEta] = [new Float64Array(size), new Float64Array(size), 0];
    },
    begin: () => {
      records = [];
      left = 0;
      [clears, hasCleared] = [false, false];
      dEligibility = new Float64Array(size);
      [dHebb, dY, dYBefore] = [new Float64Array(size), new Float64Array(n), new Float64Array(n)];
    },

    step: (drive, modulator = 0) => {
      requireLength('a drive', drive, n);
      if (records.length === steps) throw new RangeError(`this network has room for ${steps} steps`);
      const last = records.at(-1);
      const before = last?.y ?? new Float64Array(n);
      const isZero = last === undefined || clears;
      const hebb = isZero || alphaKind === 'none' ? new Float64Array(size) : traceAfter(last, modulator);
      const eligibility = isZero ? new Float64Array(size) : eligibilityAfter(last);
      clears = false;
      const y = Float64Array.from({ length: n }, (_, j) => {
        let a = drive[j]!;
        for (let i = 0; i < n; i++) a += before[i]! * (weights.w[i * n + j]! + alphaAt(i * n + j) * hebb[i * n + j]!);
        return Math.tanh(a);
      });
      records.push({ before, y, hebb, eligibility, modulator });
      left = records.length;
      return y.slice();
    },

    stepBack: (dy) => {
      requireLength('∂loss/∂y', dy, n);
      if (left === 0) throw new RangeError('every step of this episode has gone back already');
      if (hasCleared) throw new RangeError('an episode whose trace was cleared cannot go back');
      const { before, y, hebb, modulator } = records[--left]!;
      const drive = y.map((value, j) => (dy[j]! + dY[j]!) * (1 - value ** 2));
      const dBefore = dYBefore;
      for (let at = 0; at < size; at++) {
        const [i, j] = [Math.floor(at / n), at % n];
        const product = before[i]! * drive[j]!;
        dw[at]! += product;
        dAlpha[at]! += product * hebb[at]!;
        dHebb[at]! += product * alphaAt(at);
        dBefore[i]! += drive[j]! * (weights.w[at]! + alphaAt(at) * hebb[at]!);
      }
      const earlier = new Float64Array(n);
      const previous = records[left - 1];
      const dModulator = previous === undefined || alphaKind === 'none' ? 0 : traceBack(previous, modulator, earlier, dBefore);
      [dY, dYBefore] = [dBefore, earlier];
      return { drive, modulator: dModulator };
    },

    gradients: () => ({
      w: dw.slice(),
      alpha: {
        free: () => dAlpha.slice(),
        yoked: () => Float64Array.of(dAlpha.reduce((sum, value) => sum + value, 0)),
        none: () => new Float64Array(0),
      }[alphaKind](),
      eta: dEta,
    }),
    ...(alphaKind === 'none' ? {} : { clearTrace: () => ([clears, hasCleared] = [true, true]) }),
    traceNorm: () => Math.sqrt(records.at(-1)?.hebb.reduce((sum, value) => sum + value ** 2, 0) ?? 0),
  };
}
