/** One chunk of an episode, backward: walks its sums in falling order and gathers what parameters and earlier chunks get. */
import { tableRow } from './chunk.ts';
import { activationRows } from './mixture.ts';
import { scatter } from './table.ts';
import { unfoldTrace } from './trace-drive.ts';
import { columnsOf, padMatrix, rowsOf, view } from './views.ts';
import type { ChunkRun, Episode, StepRecord } from './chunk.ts';
import type { Tensor } from '../backend/operations.ts';

/** Computed step → parts of ∂loss/∂y(step), each [1, B · width]. */
export type PendingGradients = Map<number, Tensor[]>;

/**
 * @param dTraceAfter ∂loss/∂hebb(last + 1), [B, width, width].
 * @returns ∂loss/∂hebb(first).
 */
export function differentiateChunk(
  episode: Episode,
  run: ChunkRun,
  dTraceAfter: Tensor | undefined,
  pending: PendingGradients,
): Tensor | undefined {
  const { operations, batch, width, plan } = episode;
  const { chunk, table, rule, drive, traceDrive } = run;
  const size = batch * width;
  const rowOfStep = new Map(chunk.table.map((source, row) => [source.kind === 'computed' ? source.step : undefined, row]));
  const addPending = (step: number, gradient: Tensor) => pending.set(step, [...(pending.get(step) ?? []), gradient]);

  // ∂loss/∂table for its first rows, [rows, B · width]. Going back, a step takes out its own row, the last one that is left.
  let dTable: Tensor | undefined;
  const replaceTable = (rows: number, contributions: readonly (Tensor | undefined)[]) => {
    const parts = contributions.filter((part) => part !== undefined);
    const old = dTable;
    if (old && rows > 0) parts.push(rowsOf(operations, old, 0, rows));
    const next = parts.length === 0 ? undefined : parts.length === 1 ? parts[0]! : operations.addAll(parts);
    dTable = next && operations.keep(next);
    if (old && old !== next) operations.dispose(old);
  };

  let dTrace: Tensor | undefined;
  if (chunk.fold && run.fold && dTraceAfter) {
    const sum = chunk.fold;
    const { factor, weights } = run.fold;
    operations.tidy(() => {
      const order = activationRows(sum.order);
      const rows = weights && table.gather(order);
      const alpha = episode.network.alpha!;
      const folded = unfoldTrace({ operations, batch, width, alpha }, run.trace, factor, rows, weights, dTraceAfter);
      dTrace = folded.dTrace && operations.keep(folded.dTrace);
      const dRule = rule!.gradient(sum, folded.dWeights, folded.dFactor);
      const dRows = folded.dRows && scatter(operations, folded.dRows, order, sum.tableRows);
      replaceTable(sum.tableRows, [dRows, dRule]);
    });
  } else if (chunk.fold && run.fold) {
    operations.tidy(() => rule!.gradient(chunk.fold!, undefined, undefined));
  }

  const differentiateStep = ({ step, activation, weights, factor }: StepRecord) => {
    const { start, end } = step.columns;
    const columns = end - start;
    const row = rowOfStep.get(step.step);
    const parts = [...(pending.get(step.step) ?? [])];
    pending.delete(step.step);
    if (dTable && row !== undefined && row < dTable.shape[0]!) parts.push(rowsOf(operations, dTable, row, row + 1));
    if (parts.length === 0) {
      const dRule = rule && (weights || factor) ? rule.gradient(step, undefined, undefined) : undefined;
      replaceTable(step.tableRows, [dRule]);
      return;
    }
    const at = plan.protocol.steps[step.step - 1]!;
    const dyAll = view(operations, parts.length === 1 ? parts[0]! : operations.addAll(parts), batch, width);
    const dy = columnsOf(operations, dyAll, start, end);
    const d = operations.multiply(operations.tanhGradient(activation, dy), episode.given.free(at, step.columns)); // ∂loss/∂a(t) [B, columns]
    const flat = view(operations, d, 1, batch * columns);
    if (step.previous === undefined) {
      replaceTable(step.tableRows, []);
      return;
    }
    const previous = tableRow(episode, chunk, step.previous);
    const dPrevious: Tensor[] = [];
    episode.wGradient.add(operations.keep(view(operations, previous, batch, width)), operations.keep(d), step.columns);
    if (!step.previousIsGiven) {
      dPrevious.push(view(operations, operations.matMulTransposed(d, episode.w.transposed(step.columns)), 1, size));
    }
    let dWeights: Tensor | undefined;
    let dFactor: Tensor | undefined;
    let dTableThroughDrive: Tensor | undefined;
    if (weights && drive) {
      const back = drive.backward(step, previous, weights, flat);
      dWeights = back.dWeights;
      dTableThroughDrive = back.dTable;
      if (back.dPrevious) dPrevious.push(back.dPrevious);
    }
    if (factor && traceDrive) {
      const wide = padMatrix(operations, d, [0, 0], [start, width - end]);
      const back = traceDrive.backward(step.step, previous, factor, view(operations, wide, 1, size));
      dFactor = back.dFactor;
      if (!step.previousIsGiven) dPrevious.push(back.dPrevious);
    }
    const dRule = rule && (weights || factor) ? rule.gradient(step, dWeights, dFactor) : undefined;
    replaceTable(step.tableRows, [dTableThroughDrive, dRule]);
    const source = chunk.table[step.previous]!;
    if (source.kind === 'computed') for (const part of dPrevious) addPending(source.step, operations.keep(part));
  };
  for (const record of [...run.records].reverse()) operations.tidy(() => differentiateStep(record));

  // What is left belongs to activations of earlier chunks.
  const left = dTable;
  chunk.table.forEach((source, row) => {
    if (left && source.kind === 'computed' && source.step < chunk.first && row < left.shape[0]!) {
      addPending(source.step, rowsOf(operations, left, row, row + 1));
    }
  });
  const throughDrive = operations.tidy(() => {
    const gradient = traceDrive?.traceGradient();
    return gradient && operations.keep(gradient);
  });
  return dTrace && throughDrive ? operations.add(dTrace, throughDrive) : (dTrace ?? throughDrive);
}
