/** The kernel's WebAssembly module, compiled once a process; what its functions do is said in `kernel/kernel.ts`. */
import { kernelBinary } from './kernel-binary.ts';

/** `n`, `p`, `rows`, `count`, strides, `m`, `rate`, `keep`, `bend` and `uniform` are values, all other arguments addresses in the kernel's memory. */
export interface Kernel {
  forward(
    n: number,
    p: number,
    cells: number,
    columns: number,
    drive: number,
    now: number,
    before: number,
    gain: number,
    decay: number,
  ): void;
  forwardRetroactive(
    n: number,
    p: number,
    cells: number,
    columns: number,
    eligibility: number,
    drive: number,
    now: number,
    before: number,
    gain: number,
    decay: number,
    m: number,
  ): void;
  advance(n: number, p: number, from: number, to: number, before: number, gain: number, decay: number): void;
  copyGroups(count: number, from: number, fromStride: number, to: number, toStride: number): void;
  clearGroups(count: number, to: number, stride: number): void;
  forwardPlain(n: number, p: number, drive: number, w: number, now: number): void;
  backward(
    n: number,
    p: number,
    cells: number,
    slopes: number,
    columns: number,
    old: number,
    d: number,
    now: number,
    before: number,
    gain: number,
    decay: number,
    dNow: number,
    dBefore: number,
    dGain: number,
    dDecay: number,
    uniform: boolean,
  ): void;
  backwardRetroactive(
    n: number,
    p: number,
    cells: number,
    slopes: number,
    columns: number,
    eligibility: number,
    dEligibility: number,
    old: number,
    d: number,
    now: number,
    before: number,
    gain: number,
    decay: number,
    m: number,
    dNow: number,
    dBefore: number,
    dGain: number,
    sums: number,
  ): void;
  backwardPlain(n: number, p: number, d: number, w: number, dNow: number): void;
  addOuter(rows: number, p: number, count: number, left: number, right: number, matrix: number): void;
  change(p: number, y: number, rate: number, keep: number, bend: number, gain: number, decay: number): number;
  changeBack(p: number, y: number, rate: number, bend: number, dGain: number, dDecay: number, dY: number, sums: number): void;
  squash(p: number, a: number, y: number): void;
  squashBack(p: number, y: number, dY: number, d: number): void;
}

export interface KernelMemory {
  readonly buffer: ArrayBuffer;
}

/** What we need of the language's own, which TypeScript knows in browsers alone. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Memory: new (description: { readonly initial: number }) => KernelMemory;
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object, imports: { readonly env: { readonly memory: KernelMemory } }) => { readonly exports: Kernel };
  };
};

const pageBytes = 65_536;
let compiled: object | undefined;

/** @throws RangeError where no such memory is to be had: WebAssembly's ends at 4 GiB. */
export function createKernelMemory(bytes: number): KernelMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
}

export function instantiateKernel(memory: KernelMemory): Kernel {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelBinary), (letter) => letter.charCodeAt(0)));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports;
}
