/**
 * The operations that the engine needs from a backend, float32 only; the engine knows no tensor library beyond this.
 *
 * Whoever creates a tensor says who frees it: everything made inside `tidy` is freed at its end, but for what was handed to `keep`,
 * which then belongs to the enclosing `tidy`; outside of any, the caller disposes of it.
 */

/** A value in the backend's memory. Row-major. */
export interface Tensor {
  readonly shape: readonly number[];
}

/** A matrix in the layout that makes `a · matrixᵀ` fast on this backend. */
export interface TransposedMatrix {
  readonly matrix: Tensor;
  /** Whether `matrix` is the transpose, not what was to be transposed. */
  readonly isTurned: boolean;
}

export interface AdamStep {
  /** learningRate · √(1 - beta2^t) / (1 - beta1^t). */
  readonly stepSize: number;
  readonly beta1: number;
  readonly beta2: number;
  /** epsilon · √(1 - beta2^t), so that the update is Kingma and Ba's with its epsilon outside the bias correction. */
  readonly epsilon: number;
}

/** A learned array with Adam's two moments, updated in place. */
export interface Parameter {
  readonly shape: readonly number[];
  /** The present value. It must not outlive the next `adam` or `write`. */
  value(): Tensor;
  /** m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², θ ← θ - stepSize · m / (√v + epsilon)   (Kingma, Ba 2015, arXiv 1412.6980). */
  adam(gradient: Tensor, step: AdamStep): void;
  read(): Promise<ParameterValues>;
  write(values: ParameterValues): void;
  dispose(): void;
}

/** [value, first moment, second moment], each of the parameter's size. */
export interface ParameterValues {
  readonly value: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/** A matrix that grows by rows; it belongs to the scope around the one in which it grew last. */
export interface GrowingMatrix {
  readonly rows: number;
  /** @param added [n, columns] each; at least one. */
  append(added: readonly Tensor[]): void;
  /** Rows start..end-1. It may share memory with the whole, and is valid until the next `append`. */
  part(start: number, end: number): Tensor;
}

/** What the columns of an LSTM's state are, in parts of H each; of drives, only the first four. */
export const lstmParts = { input: 0, forget: 1, output: 2, candidate: 3, cell: 4, hidden: 5 } as const;

export interface Operations {
  /** `values` must not change while the tensor lives: some backends compute from them where they are. */
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  /** Copies of the values of each, in one wait for the device. */
  read(tensors: readonly Tensor[]): Promise<Float32Array[]>;
  parameter(values: ParameterValues, shape: readonly number[]): Parameter;

  /** @param capacity how many rows there may ever be. */
  growing(capacity: number, columns: number): GrowingMatrix;

  tidy<Result>(body: () => Result): Result;
  keep<Kept extends Tensor>(tensor: Kept): Kept;
  dispose(tensor: Tensor): void;
  /** Tensors alive, parameters' included. */
  liveTensors(): number;

  /** [m, k] · [k, n], either one transposed first where asked. */
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  /** [batch, m, k] · [batch, k, n], likewise. */
  batchMatMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  /**
   * Prepares b [k, n] for several products a · bᵀ.
   * @param rows the fewest that a has; many, without.
   */
  transposed(b: Tensor, rows?: number): TransposedMatrix;
  /** a [m, n] · bᵀ with b [k, n]. */
  matMulTransposed(a: Tensor, b: TransposedMatrix): Tensor;

  /**
   * Convolution without padding, channels last: x [n, h, w, c] and kernel [k, k, c, f] give [n, h', w', f], h' = ⌊(h - k) / stride⌋ + 1. The gradients
   * take dy, of that shape.
   */
  convolve(x: Tensor, kernel: Tensor, stride: number): Tensor;
  /** @param shape of x. */
  convolveInputGradient(shape: readonly number[], kernel: Tensor, dy: Tensor, stride: number): Tensor;
  /** @param shape of the kernel. */
  convolveKernelGradient(x: Tensor, shape: readonly number[], dy: Tensor, stride: number): Tensor;

  /** Elementwise, with broadcasting over axes of length 1. */
  add(a: Tensor, b: Tensor): Tensor;
  subtract(a: Tensor, b: Tensor): Tensor;
  multiply(a: Tensor, b: Tensor): Tensor;
  /** The sum of one or more tensors of one shape. */
  addAll(tensors: readonly Tensor[]): Tensor;
  scale(a: Tensor, factor: number): Tensor;
  tanh(a: Tensor): Tensor;
  /** dy ∘ (1 - y²), where y = tanh(a). */
  tanhGradient(y: Tensor, dy: Tensor): Tensor;

  /**
   * One step of an LSTM (Hochreiter, Schmidhuber 1997, with forget gates): z = drive + recurrent, both [B, 4 H] with columns input gate, forget gate, output gate,
   * candidate; [i f o g] = [σ σ σ tanh](z), c = f c' + i g, h = o tanh(c).
   * @param before what it gave a step earlier; absent: c' = 0.
   * @returns [B, 6 H]: i, f, o, g, c, h (`lstmParts`).
   */
  lstmCell(drive: Tensor, recurrent: Tensor | undefined, before: Tensor | undefined): Tensor;
  /**
   * The way back through that step.
   * @param state what it gave; `before` as then.
   * @param dHidden ∂loss/∂h, all of it, [B, H].
   * @param after what this gave for the step that followed.
   * @returns [B, 5 H]: ∂loss/∂z, and ∂loss/∂c'.
   */
  lstmCellGradient(state: Tensor, before: Tensor | undefined, dHidden: Tensor, after: Tensor | undefined): Tensor;

  /** [m, n] → [1, n]. */
  sumRows(a: Tensor): Tensor;
  /** [..., n] → [..., 1]. */
  sumLast(a: Tensor): Tensor;
  /** Any shape → [1]: the sum of squares. */
  sumSquares(a: Tensor): Tensor;

  reshape(a: Tensor, shape: readonly number[]): Tensor;
  slice(a: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
  concat(tensors: readonly Tensor[], axis: number): Tensor;
  /** Zeros before and after along each axis. */
  pad(a: Tensor, paddings: readonly (readonly [number, number])[]): Tensor;
  transpose(a: Tensor, permutation: readonly number[]): Tensor;
}

export type BackendName = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
export type Precision = 'float32' | 'mixed';

export interface Backend {
  readonly name: BackendName;
  /** In words, for people: "CPU, 2 threads, AVX2 (TensorFlow 2.18.1)". */
  readonly device: string;
  readonly operations: Operations;
  /** Whether the same seed gives the same bits on this machine, run after run. */
  readonly deterministic: boolean;
  dispose(): void;
}
