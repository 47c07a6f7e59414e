/** The chunked form's dense trace: its share of the drive within a chunk, F ∘ (y(t-1) · (alpha ∘ hebb(first))), and the fold at the chunk's end. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { TraceFactor } from './rule.ts';

export interface TraceContext {
  readonly operations: Operations;
  readonly batch: number;
  readonly width: number;
  /** alpha [width, width], or one number. */
  readonly alpha: Tensor | number;
}

/** One chunk's use of the trace at its beginning. */
export interface TraceDrive {
  /** [1, B · width]: all columns. */
  forward(step: number, previous: Tensor, factor: TraceFactor): Tensor;
  /**
   * @param d ∂loss/∂a(t), [1, B · width], zero outside the step's columns.
   * @returns ∂loss/∂y(t-1), [1, B · width], and ∂loss/∂F (see `RuleRun.gradient`).
   */
  backward(step: number, previous: Tensor, factor: TraceFactor, d: Tensor): { dPrevious: Tensor; dFactor: Tensor };
  /** After all steps: ∂loss/∂hebb(first) through the drive, [B, width, width]; undefined where no step used it. */
  traceGradient(): Tensor | undefined;
}

/**
 * @param trace hebb(first), [B, width, width].
 * @param addAlphaGradient takes a part of ∂loss/∂alpha: [width, width], or any shape to be summed for one alpha.
 */
export function createTraceDrive(context: TraceContext, trace: Tensor, addAlphaGradient: (part: Tensor) => void): TraceDrive {
  const { operations, batch, width, alpha } = context;
  const { batchMatMul, multiply, reshape } = operations;
  const timesAlpha = (tensor: Tensor) =>
    typeof alpha === 'number' ? operations.scale(tensor, alpha) : multiply(tensor, reshape(alpha, [1, width, width]));
  const effective = operations.tidy(() => operations.keep(timesAlpha(trace))); // alpha ∘ hebb [B, width, width]
  const drives = new Map<number, Tensor>();
  const rows: Tensor[] = [];
  const gradients: Tensor[] = [];
  const asBatch = (row: Tensor) => reshape(row, [batch, 1, width]);
  const flat = (tensor: Tensor) => reshape(tensor, [1, batch * width]);

  return {
    forward: (step, previous, factor) => {
      const drive = operations.keep(flat(batchMatMul(asBatch(previous), effective)));
      drives.set(step, drive);
      return applyFactor(operations, drive, factor);
    },
    backward: (step, previous, factor, d) => {
      const perColumn = multiply(drives.get(step)!, d);
      const dDrive = applyFactor(operations, d, factor);
      rows.push(operations.keep(asBatch(previous)));
      gradients.push(operations.keep(asBatch(dDrive)));
      return {
        dPrevious: flat(batchMatMul(asBatch(dDrive), effective, false, true)),
        dFactor: factor.kind === 'scalar' ? operations.sumLast(perColumn) : perColumn,
      };
    },
    traceGradient: () => {
      if (rows.length === 0) return undefined;
      // ∂loss/∂(alpha ∘ hebb) = Σ_t y(t-1)ᵀ (F ∘ d): one product an episode over all steps of the chunk.
      const dEffective = batchMatMul(operations.concat(rows, 1), operations.concat(gradients, 1), true); // [B, width, width]
      const dAlpha = multiply(dEffective, trace);
      addAlphaGradient(
        operations.keep(
          typeof alpha === 'number' ? dAlpha : reshape(operations.sumRows(reshape(dAlpha, [batch, width * width])), [width, width]),
        ),
      );
      return timesAlpha(dEffective);
    },
  };
}

/** F ∘ x for x [1, B · width]. */
function applyFactor(operations: Operations, x: Tensor, factor: TraceFactor): Tensor {
  return factor.kind === 'scalar' ? operations.scale(x, factor.value) : operations.multiply(x, factor.tensor);
}

/** hebb(last + 1) = F ∘ hebb(first) + Σ_u uᵀ G_u, [B, width, width]. Rows and weights are [rows, B · width]. */
export function foldTrace(
  { operations, batch, width }: TraceContext,
  trace: Tensor | undefined,
  factor: TraceFactor,
  rows: Tensor | undefined,
  weights: Tensor | undefined,
): Tensor {
  const { reshape } = operations;
  const parts: Tensor[] = [];
  if (trace) {
    parts.push(
      factor.kind === 'scalar'
        ? operations.scale(trace, factor.value)
        : operations.multiply(trace, reshape(factor.tensor, [batch, 1, width])),
    );
  }
  if (rows && weights) {
    parts.push(operations.batchMatMul(byEpisode(operations, rows, batch), byEpisode(operations, weights, batch), true));
  }
  if (parts.length === 0) return operations.tensor(new Float32Array(batch * width * width), [batch, width, width]);
  return parts.length === 1 ? parts[0]! : operations.addAll(parts);
}

export interface FoldGradient {
  readonly dTrace: Tensor | undefined;
  readonly dFactor: Tensor | undefined;
  /** [rows, B · width] each. */
  readonly dRows: Tensor | undefined;
  readonly dWeights: Tensor | undefined;
}

/** Backward of `foldTrace`; `d` is ∂loss/∂hebb(last + 1), [B, width, width]. */
export function unfoldTrace(
  { operations, batch, width }: TraceContext,
  trace: Tensor | undefined,
  factor: TraceFactor,
  rows: Tensor | undefined,
  weights: Tensor | undefined,
  d: Tensor,
): FoldGradient {
  const { batchMatMul, multiply, reshape, sumLast, transpose } = operations;
  let dTrace: Tensor | undefined;
  let dFactor: Tensor | undefined;
  if (trace) {
    const perConnection = multiply(trace, d);
    if (factor.kind === 'scalar') {
      dTrace = operations.scale(d, factor.value);
      dFactor = reshape(sumLast(reshape(perConnection, [1, batch * width * width])), [1, 1]);
    } else {
      dTrace = multiply(d, reshape(factor.tensor, [batch, 1, width]));
      dFactor = reshape(sumLast(transpose(perConnection, [0, 2, 1])), [1, batch * width]); // Σ over pre
    }
  }
  if (!rows || !weights) return { dTrace, dFactor, dRows: undefined, dWeights: undefined };
  const count = rows.shape[0]!;
  const back = (tensor: Tensor) => reshape(transpose(tensor, [1, 0, 2]), [count, batch * width]);
  return {
    dTrace,
    dFactor,
    dRows: back(batchMatMul(byEpisode(operations, weights, batch), d, false, true)),
    dWeights: back(batchMatMul(byEpisode(operations, rows, batch), d)),
  };
}

/** [rows, B · width] → [B, rows, width]. */
function byEpisode(operations: Operations, tensor: Tensor, batch: number): Tensor {
  const [rows, size] = tensor.shape as [number, number];
  return operations.transpose(operations.reshape(tensor, [rows, batch, size / batch]), [1, 0, 2]);
}
