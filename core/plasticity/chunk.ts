/** One chunk of an episode, forward. */
import { createFreeDrive } from './free-drive.ts';
import { createHebbRun } from './hebb-rule.ts';
import { createOjaRun } from './oja-rule.ts';
import { activationRows } from './mixture.ts';
import { createTable } from './table.ts';
import { createTraceDrive, foldTrace } from './trace-drive.ts';
import { columnsOf, padMatrix, view } from './views.ts';
import { createYokedDrive } from './yoked-drive.ts';
import type { Operations, Tensor } from '../backend/operations.ts';
import type { ColumnMatrix } from './column-matrix.ts';
import type { TermDrive } from './drive.ts';
import type { PlasticNetwork } from './episode.ts';
import type { GivenVectors } from './given.ts';
import type { Chunk, ComputingStep, Plan, TermSum } from './plan.ts';
import type { ProductGradient } from './product-gradient.ts';
import type { RuleRun, TraceFactor } from './rule.ts';
import type { Table } from './table.ts';
import type { TraceDrive } from './trace-drive.ts';

/** What all chunks of one run of an episode share. */
export interface Episode {
  readonly operations: Operations;
  readonly plan: Plan;
  readonly batch: number;
  readonly width: number;
  readonly network: PlasticNetwork;
  readonly given: GivenVectors;
  readonly w: ColumnMatrix;
  readonly alpha: ColumnMatrix | undefined;
  readonly wGradient: ProductGradient;
  readonly alphaGradient: ProductGradient;
  addAlphaGradient(part: Tensor): void;
  /** y(step), [B, width], of the computing steps so far. */
  readonly activations: Map<number, Tensor>;
  readonly forGradients: boolean;
}

/** What the way back needs of one computing step. */
export interface StepRecord {
  readonly step: ComputingStep;
  /** tanh(a(t)), [B, columns]. */
  readonly activation: Tensor;
  /** G, [rows, B · columns]; undefined where the sum is empty. */
  readonly weights: Tensor | undefined;
  readonly factor: TraceFactor | undefined;
}

export interface ChunkRun {
  readonly chunk: Chunk;
  readonly table: Table;
  readonly records: readonly StepRecord[];
  readonly rule: RuleRun | undefined;
  readonly drive: TermDrive | undefined;
  readonly trace: Tensor | undefined;
  readonly traceDrive: TraceDrive | undefined;
  readonly fold: { readonly factor: TraceFactor; readonly weights: Tensor | undefined } | undefined;
  /** hebb(last + 1), [B, width, width]. */
  readonly traceAfter: Tensor | undefined;
}

/** A row of a chunk's table, [1, B · width], from where it came. */
export function tableRow({ operations, batch, width, given, activations }: Episode, chunk: Chunk, row: number): Tensor {
  const source = chunk.table[row]!;
  return source.kind === 'given' ? given.row(source.given) : view(operations, activations.get(source.step)!, 1, batch * width);
}

/** @param trace hebb(first), [B, width, width]; undefined where it is zero. */
export function runChunk(episode: Episode, chunk: Chunk, trace: Tensor | undefined): ChunkRun {
  const { operations, network, batch, width } = episode;
  const table = createTable(operations, chunk.table.length, batch, width);
  const { alpha, eta } = network;
  const plastic = alpha !== undefined;
  const context = { operations, chunk, table, batch, width, eta, givenValues: episode.given.values };
  const rule = plastic ? (network.rule === 'hebb' ? createHebbRun(context) : createOjaRun(context)) : undefined;
  const drive = rule && createTermDrive(episode, rule, table);
  const traceDrive = trace && plastic ? createTraceDrive({ operations, batch, width, alpha }, trace, episode.addAlphaGradient) : undefined;
  const givenDrives = new Map<string, Tensor>();
  const records: StepRecord[] = [];

  const extendTable = (tableRows: number) =>
    table.append(Array.from({ length: tableRows - table.rows }, (_, index) => tableRow(episode, chunk, table.rows + index)));

  for (const step of chunk.steps) {
    operations.tidy(() => {
      extendTable(step.tableRows);
      const columns = step.columns.end - step.columns.start;
      const at = episode.plan.protocol.steps[step.step - 1]!;
      const previous = step.previous === undefined ? undefined : tableRow(episode, chunk, step.previous);
      const drives: Tensor[] = []; // [B, columns] each
      if (previous) drives.push(recurrentDrive(episode, chunk, step, previous, givenDrives));
      let weights: Tensor | undefined;
      let factor: TraceFactor | undefined;
      if (rule && drive && previous && step.order.length > 0) {
        weights = rule.weights(step);
        drives.push(view(operations, drive.forward(step, previous, weights), batch, columns));
      }
      if (rule && traceDrive && previous) {
        factor = rule.traceFactor(step);
        const whole = view(operations, traceDrive.forward(step.step, previous, factor), batch, width);
        drives.push(columnsOf(operations, whole, step.columns.start, step.columns.end));
      }
      if (at.input !== undefined) {
        const input = view(operations, episode.given.row(at.input), batch, width);
        drives.push(columnsOf(operations, input, step.columns.start, step.columns.end));
      }
      const sum =
        drives.length === 0
          ? operations.tensor(new Float32Array(batch * columns), [batch, columns])
          : drives.length === 1
            ? drives[0]!
            : operations.addAll(drives);
      const activation = operations.tanh(sum);

      // y(t) = clamp ? given : tanh(a)
      const masked = operations.multiply(activation, episode.given.free(at, step.columns));
      const free = padMatrix(operations, masked, [0, 0], [step.columns.start, width - step.columns.end]);
      episode.activations.set(step.step, operations.keep(operations.add(free, episode.given.clamped(at))));
      if (!episode.forGradients) return;
      operations.keep(activation);
      if (weights) operations.keep(weights);
      records.push({ step, activation, weights, factor });
    });
  }

  let fold: ChunkRun['fold'];
  let traceAfter: Tensor | undefined;
  if (chunk.fold && rule) {
    const sum: TermSum = chunk.fold;
    operations.tidy(() => {
      extendTable(sum.tableRows);
      const weights = sum.order.length > 0 ? operations.keep(rule.weights(sum)) : undefined;
      const factor = rule.traceFactor(sum);
      const rows = sum.order.length > 0 ? table.gather(activationRows(sum.order)) : undefined;
      traceAfter = operations.keep(foldTrace({ operations, batch, width, alpha: alpha! }, trace, factor, rows, weights));
      fold = { factor, weights };
    });
  }
  return { chunk, table, records, rule, drive, trace, traceDrive, fold, traceAfter };
}

function createTermDrive(episode: Episode, rule: RuleRun, table: Table): TermDrive {
  const { alpha } = episode.network;
  return typeof alpha === 'number'
    ? createYokedDrive(episode, table, alpha, episode.addAlphaGradient)
    : createFreeDrive(episode, rule, episode.alpha!, episode.alphaGradient);
}

/** y(t-1) · w, [B, columns]. Given vectors are known beforehand: all that the chunk needs are multiplied in one product. */
function recurrentDrive(
  { operations, w, batch, width, given }: Episode,
  chunk: Chunk,
  step: ComputingStep,
  previous: Tensor,
  givenDrives: Map<string, Tensor>,
): Tensor {
  const { start, end } = step.columns;
  if (!step.previousIsGiven) return operations.matMul(view(operations, previous, batch, width), w.columns(step.columns));
  const key = (row: number) => `${row}:${start}:${end}`;
  if (!givenDrives.has(key(step.previous!))) {
    const alike = chunk.steps.filter((other) => other.previousIsGiven && other.columns.start === start && other.columns.end === end);
    const rows = [...new Set(alike.map((other) => other.previous!))];
    const vectors = rows.map((row) => {
      const source = chunk.table[row]!;
      return given.row(source.kind === 'given' ? source.given : 0);
    });
    const stacked = view(operations, operations.concat(vectors, 0), rows.length * batch, width);
    const drives = operations.matMul(stacked, w.columns(step.columns));
    rows.forEach((row, index) =>
      givenDrives.set(key(row), operations.keep(operations.slice(drives, [index * batch, 0], [batch, end - start]))),
    );
  }
  return givenDrives.get(key(step.previous!))!;
}
