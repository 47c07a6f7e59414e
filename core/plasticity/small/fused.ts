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

/** Memory for [count] floats each, one after another, each aligned to 16 bytes. */
function createArena() {
  const memory = new WebAssembly.Memory({ initial: 0 });
  let end = 0;
  return {
    memory,
    /** @returns the address. Views that were made before may be detached. */
    take(floats: number): number {
      const start = end;
      end += Math.ceil((floats * floatBytes) / 16) * 16;
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
      return start;
    },
  };
}

/** Memory: (7 + anchors) N² + 4 T N floats, with T / anchors the steps in which (1 - eta) to their power is an eighth; under `modulated` 7 N² + 4 T N. */
export function createFusedRecurrent({ neurons: n, steps, alphaKind, rule }: SmallRecurrentOptions): SmallRecurrent {
  const p = Math.ceil(n / 4) * 4;
  const size = p * p;
  const plastic = alphaKind !== 'none';
  const arena = createArena();
  const [w, alpha, trace, g, dW, dAlpha] = [size, size, size, size, size, size].map(arena.take) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // Row t of `ys` is y(t); the gain and decay of row t are those of the change that step t leaves behind.
  const ys = arena.take((steps + 1) * p);
  const [gains, decays] = [arena.take((steps + 1) * p), arena.take((steps + 1) * p)];
  const [drive, inverse, d, dGain, dDecay] = [p, p, p, p, p].map(arena.take) as [number, number, number, number, number];
  // ∂loss/∂y(t) in a ring: of this step, the one before and the one before that.
  const dys = [p, p, p].map(arena.take);
  const anchors: number[] = [];
  const kernel = instantiate(arena.memory);
  let floats = new Float32Array(arena.memory.buffer);
  const view = (address: number, length: number) => floats.subarray(address / floatBytes, address / floatBytes + length);
  const row = (address: number, step: number) => address + step * p * floatBytes;

  let eta = 0;
  let dEta = 0;
  /** Steps between two kept traces. */
  let every = steps;
  let step = 0;
  /** m(t) of the change that step t leaves behind. */
  const modulators = new Float64Array(steps + 1);

  /** The rule's gain and decay of the change that step t leaves behind. */
  const prepare = (t: number) => {
    const [y, gain, decay] = [view(row(ys, t), p), view(row(gains, t), p), view(row(decays, t), p)];
    if (rule === 'modulated') {
      for (let j = 0; j < p; j++) gain[j] = modulators[t]! * y[j]!;
      decay.fill(1);
      return;
    }
    for (let j = 0; j < p; j++) gain[j] = eta * y[j]!;
    if (rule === 'hebb') decay.fill(1 - eta);
    else for (let j = 0; j < p; j++) decay[j] = 1 - eta * y[j]! * y[j]!;
  };

  const isKept = (t: number) => t % every === 0;
  const anchorOf = (t: number) => {
    const index = t / every - 1;
    if (anchors[index] === undefined) {
      anchors[index] = arena.take(size);
      floats = new Float32Array(arena.memory.buffer);
    }
    return anchors[index];
  };

  /** Through the rule's gain and decay of step t, into ∂loss/∂y(t); gives ∂loss/∂m(t). */
  const differentiateRule = (t: number, dy: Float32Array): number => {
    const [y, dGains, dDecays] = [view(row(ys, t), p), view(dGain, p), view(dDecay, p)];
    let dModulator = 0;
    for (let j = 0; j < p; j++) {
      const [v, up, down] = [y[j]!, dGains[j]!, dDecays[j]!];
      if (rule === 'modulated') {
        dModulator += up * v;
        dy[j]! += modulators[t]! * up;
      } else if (rule === 'hebb') {
        dEta += up * v - down;
        dy[j]! += eta * up;
      } else {
        dEta += up * v - down * v * v;
        dy[j]! += eta * (up - 2 * v * down);
      }
    }
    return dModulator;
  };

  return {
    setWeights: (weights) => {
      eta = weights.eta;
      dEta = 0;
      every = rule === 'modulated' ? steps + 1 : stepsBetweenAnchors(eta, steps);
      fill(view(w, size), weights.w, n, p);
      if (alphaKind === 'free') fill(view(alpha, size), weights.alpha, n, p);
      if (alphaKind === 'yoked') fill(view(alpha, size), new Float32Array(n * n).fill(weights.alpha[0]!), n, p);
      view(dW, size).fill(0);
      view(dAlpha, size).fill(0);
    },

    begin: () => {
      step = 0;
      view(row(ys, 0), p).fill(0);
      view(trace, size).fill(0);
      view(g, size).fill(0);
      for (const dy of dys) view(dy, p).fill(0);
    },

    step: (input, modulator = 0) => {
      if (step === steps) throw new RangeError(`this network has room for ${steps} steps`);
      modulators[step] = modulator;
      step++;
      const a = view(drive, p);
      a.fill(0);
      a.set(input);
      if (step > 1) {
        const now = row(ys, step - 1);
        if (plastic) {
          prepare(step - 1);
          kernel.forward(p, drive, w, alpha, trace, now, row(ys, step - 2), row(gains, step - 1), row(decays, step - 1));
        } else kernel.forwardPlain(p, drive, w, now);
      }
      if (plastic && isKept(step)) {
        const anchor = anchorOf(step);
        view(anchor, size).set(view(trace, size));
      }
      const y = row(ys, step);
      kernel.squash(p, drive, y);
      return view(y, n);
    },

    stepBack: (dy) => {
      const t = step--;
      const [own, before, earlier] = [dys[t % 3]!, dys[(t + 2) % 3]!, dys[(t + 1) % 3]!];
      const y = view(row(ys, t), n);
      const [dDrive, dOwn] = [view(d, p), view(own, p)];
      for (let j = 0; j < n; j++) dDrive[j] = (dy[j]! + dOwn[j]!) * (1 - y[j]! * y[j]!);
      // This place of the ring is ∂loss/∂y(t - 3) from now on.
      dOwn.fill(0);
      let modulator = 0;
      if (t > 1 && !plastic) kernel.backwardPlain(p, d, w, dW, row(ys, t - 1), before);
      if (t > 1 && plastic) {
        const old = isKept(t - 1) ? anchorOf(t - 1) : 0;
        const [decay, inverses] = [view(row(decays, t - 1), p), view(inverse, p)];
        for (let j = 0; j < p; j++) inverses[j] = 1 / decay[j]!;
        view(dGain, p).fill(0);
        view(dDecay, p).fill(0);
        kernel.backward(
          ...[p, d, w, alpha, trace, old, g, dW, dAlpha, row(ys, t - 1), row(ys, t - 2)],
          ...([row(gains, t - 1), row(decays, t - 1), inverse, before, earlier, dGain, dDecay] as const),
        );
        modulator = differentiateRule(t - 1, view(before, p));
      }
      return { drive: view(d, n), modulator };
    },

    gradients: () => {
      const matrix = (address: number) => take(view(address, size), n, p);
      const sum = () => matrix(dAlpha).reduce((total, value) => total + value, 0);
      return {
        w: matrix(dW),
        alpha: { free: () => matrix(dAlpha), yoked: () => Float32Array.of(sum()), none: () => new Float32Array(0) }[alphaKind](),
        eta: dEta,
      };
    },
    traceNorm: () => Math.sqrt(view(trace, size).reduce((total, value) => total + value * value, 0)),
  } satisfies SmallRecurrent;
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
