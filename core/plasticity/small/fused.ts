/**
 * A small recurrent network in one pass over its matrices a step: WebAssembly with SIMD, single precision, one thread. An episode's trace stays in the
 * processor's cache, and on the way back it is walked back by inverting its changes, so that hardly any of its history is stored.
 */
import { kernelBinary } from './kernel-binary.ts';
import type { SmallRecurrent, SmallRecurrentOptions, SmallWeights, Vector } from './small-recurrent.ts';

interface Kernel {
  forward(
    p: number,
    drive: number,
    w: number,
    alpha: number,
    trace: number,
    now: number,
    before: number,
    gain: number,
    decay: number,
  ): void;
  forwardPlain(p: number, drive: number, w: number, now: number): void;
  backward(
    p: number,
    d: number,
    w: number,
    alpha: number,
    trace: number,
    old: number,
    g: number,
    dW: number,
    dAlpha: number,
    now: number,
    before: number,
    gain: number,
    decay: number,
    inverse: number,
    dNow: number,
    dBefore: number,
    dGain: number,
    dDecay: number,
  ): void;
  backwardPlain(p: number, d: number, w: number, dW: number, now: number, dNow: number): void;
  squash(p: number, a: number, y: number): void;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What we need of the language's own, which TypeScript knows in browsers alone. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Memory: new (description: { readonly initial: number }) => Memory;
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object, imports: { readonly env: { readonly memory: Memory } }) => { readonly exports: Kernel };
  };
};

let compiled: object | undefined;

function instantiate(memory: Memory): Kernel {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelBinary), (letter) => letter.charCodeAt(0)));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports;
}

const pageBytes = 65_536;
const floatBytes = 4;
/** A trace is kept as often as walking it back would otherwise enlarge rounding errors by more than this. */
const mostGrowth = 8;

/** Rows of floats in the kernel's memory: where each is, and a view of each, which is made anew whenever that memory grows. */
interface Rows {
  readonly at: readonly number[];
  readonly of: Float32Array[];
}

/** Rows, one after another, each aligned to 16 bytes. */
function createArena() {
  const memory = new WebAssembly.Memory({ initial: 0 });
  const taken: { readonly length: number; readonly rows: Rows }[] = [];
  let end = 0;
  const show = ({ length, rows: { at, of } }: (typeof taken)[number]) => {
    at.forEach((address, index) => (of[index] = new Float32Array(memory.buffer, address, length)));
  };
  return {
    memory,
    take(count: number, length: number): Rows {
      const stride = Math.ceil((length * floatBytes) / 16) * 16;
      const rows = { at: Array.from({ length: count }, (_, index) => end + index * stride), of: [] };
      end += count * stride;
      taken.push({ length, rows });
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
      taken.slice(missing > 0 ? 0 : -1).forEach(show);
      return rows;
    },
  };
}

/** Memory: (6 + anchors) N² + 3 T N floats, with T / anchors the steps in which (1 - eta) to their power is an eighth; without any under `modulated`. */
export function createFusedRecurrent({ neurons: n, steps, alphaKind, rule }: SmallRecurrentOptions): SmallRecurrent {
  const p = Math.ceil(n / 4) * 4;
  const size = p * p;
  const plastic = alphaKind !== 'none';
  const arena = createArena();
  const matrices = arena.take(6, size);
  const [w, alpha, trace, g, dW, dAlpha] = matrices.at as [number, number, number, number, number, number];
  const matrix = (address: number) => matrices.of[matrices.at.indexOf(address)]!;
  // Row t of `ys` is y(t); the gain and decay of row t are those of the change that step t leaves behind.
  const [ys, gains, decays] = [arena.take(steps + 1, p), arena.take(steps + 1, p), arena.take(steps + 1, p)];
  const [drive, inverse, d, dGain, dDecay] = [arena.take(1, p), arena.take(1, p), arena.take(1, p), arena.take(1, p), arena.take(1, p)];
  // ∂loss/∂y(t) in a ring: of this step, the one before and the one before that.
  const dys = arena.take(3, p);
  const anchors: Rows[] = [];
  const kernel = instantiate(arena.memory);

  let eta = 0;
  let dEta = 0;
  /** Steps between two kept traces. */
  let every = steps;
  let step = 0;
  /** m(t) of the change that step t leaves behind. */
  const modulators = new Float64Array(steps + 1);

  /** The rule's gain and decay of the change that step t leaves behind. */
  const prepare = (t: number) => {
    const [y, gain, decay] = [ys.of[t]!, gains.of[t]!, decays.of[t]!];
    const factor = rule === 'modulated' ? modulators[t]! : eta;
    for (let j = 0; j < p; j++) gain[j] = factor * y[j]!;
    if (rule === 'modulated') decay.fill(1);
    else if (rule === 'hebb') decay.fill(1 - eta);
    else for (let j = 0; j < p; j++) decay[j] = 1 - eta * y[j]! * y[j]!;
  };

  const isKept = (t: number) => t % every === 0;
  const anchorOf = (t: number): Rows => (anchors[t / every - 1] ??= arena.take(1, size));

  /** Through the rule's gain and decay of step t, into ∂loss/∂y(t); gives ∂loss/∂m(t). */
  const differentiateRule = (t: number, dy: Float32Array): number => {
    const [y, dGains, dDecays] = [ys.of[t]!, dGain.of[0]!, dDecay.of[0]!];
    let sum = 0;
    if (rule === 'modulated') {
      for (let j = 0; j < p; j++) {
        sum += dGains[j]! * y[j]!;
        dy[j]! += modulators[t]! * dGains[j]!;
      }
      return sum;
    }
    for (let j = 0; j < p; j++) {
      const [v, up, down] = [y[j]!, dGains[j]!, dDecays[j]!];
      if (rule === 'hebb') {
        sum += up * v - down;
        dy[j]! += eta * up;
      } else {
        sum += up * v - down * v * v;
        dy[j]! += eta * (up - 2 * v * down);
      }
    }
    dEta += sum;
    return 0;
  };

  return {
    setWeights: (weights) => {
      eta = weights.eta;
      dEta = 0;
      every = rule === 'modulated' ? steps + 1 : stepsBetweenAnchors(eta, steps);
      fill(matrix(w), weights.w, n, p);
      if (alphaKind === 'free') fill(matrix(alpha), weights.alpha, n, p);
      if (alphaKind === 'yoked') fill(matrix(alpha), new Float32Array(n * n).fill(weights.alpha[0]!), n, p);
      matrix(dW).fill(0);
      matrix(dAlpha).fill(0);
    },

    begin: () => {
      step = 0;
      ys.of[0]!.fill(0);
      matrix(trace).fill(0);
      matrix(g).fill(0);
      for (const dy of dys.of) dy.fill(0);
    },

    step: (input, modulator = 0) => {
      if (step === steps) throw new RangeError(`this network has room for ${steps} steps`);
      modulators[step] = modulator;
      step++;
      const a = drive.of[0]!;
      a.set(input);
      a.fill(0, n);
      if (step > 1) {
        const [now, before] = [ys.at[step - 1]!, ys.at[step - 2]!];
        if (plastic) {
          prepare(step - 1);
          kernel.forward(p, drive.at[0]!, w, alpha, trace, now, before, gains.at[step - 1]!, decays.at[step - 1]!);
        } else kernel.forwardPlain(p, drive.at[0]!, w, now);
      }
      if (plastic && isKept(step)) {
        const anchor = anchorOf(step);
        anchor.of[0]!.set(matrix(trace));
      }
      kernel.squash(p, drive.at[0]!, ys.at[step]!);
      return ys.of[step]!.subarray(0, n);
    },

    stepBack: (dy) => {
      const t = step--;
      const [own, before, earlier] = [t % 3, (t + 2) % 3, (t + 1) % 3];
      const [y, dDrive, dOwn] = [ys.of[t]!, d.of[0]!, dys.of[own]!];
      for (let j = 0; j < n; j++) dDrive[j] = (dy[j]! + dOwn[j]!) * (1 - y[j]! * y[j]!);
      // This place of the ring is ∂loss/∂y(t - 3) from now on.
      dOwn.fill(0);
      let modulator = 0;
      if (t > 1 && !plastic) kernel.backwardPlain(p, d.at[0]!, w, dW, ys.at[t - 1]!, dys.at[before]!);
      if (t > 1 && plastic) {
        const old = isKept(t - 1) ? anchorOf(t - 1).at[0]! : 0;
        const [decay, inverses] = [decays.of[t - 1]!, inverse.of[0]!];
        for (let j = 0; j < p; j++) inverses[j] = 1 / decay[j]!;
        dGain.of[0]!.fill(0);
        dDecay.of[0]!.fill(0);
        kernel.backward(
          p,
          d.at[0]!,
          w,
          alpha,
          trace,
          old,
          g,
          dW,
          dAlpha,
          ys.at[t - 1]!,
          ys.at[t - 2]!,
          gains.at[t - 1]!,
          decays.at[t - 1]!,
          inverse.at[0]!,
          dys.at[before]!,
          dys.at[earlier]!,
          dGain.at[0]!,
          dDecay.at[0]!,
        );
        modulator = differentiateRule(t - 1, dys.of[before]!);
      }
      return { drive: dDrive.subarray(0, n), modulator };
    },

    gradients: () => {
      const alphas = () => take(matrix(dAlpha), n, p);
      const sum = () => alphas().reduce((total, value) => total + value, 0);
      return {
        w: take(matrix(dW), n, p),
        alpha: { free: alphas, yoked: () => Float32Array.of(sum()), none: () => new Float32Array(0) }[alphaKind](),
        eta: dEta,
      };
    },
    traceNorm: () => Math.sqrt(matrix(trace).reduce((total, value) => total + value * value, 0)),
  };
}

function stepsBetweenAnchors(eta: number, steps: number): number {
  const decay = Math.abs(1 - eta);
  if (decay >= 1) return steps + 1;
  return Math.max(1, Math.min(steps + 1, Math.floor(Math.log(mostGrowth) / -Math.log(decay))));
}

/** [n, n] into the beginning of each row of [p, p]. */
function fill(to: Float32Array, from: SmallWeights['w'], n: number, p: number): void {
  to.fill(0);
  for (let i = 0; i < n; i++) to.set(from.subarray(i * n, (i + 1) * n), i * p);
}

function take(from: Vector, n: number, p: number): Float32Array {
  const values = new Float32Array(n * n);
  for (let i = 0; i < n; i++) values.set(from.subarray(i * p, i * p + n), i * n);
  return values;
}
