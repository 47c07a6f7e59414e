/** A chunk's table of activations in the backend's memory: [rows, B · width], grown as the episode goes on. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { NeuronRange } from './protocol.ts';

export interface Table {
  /** Appends rows, each [1, B · width]. Called in a step's scope; the table lives in the scope around it. */
  append(rows: readonly Tensor[]): void;
  readonly rows: number;
  /** Rows start..end-1 of all columns: [end - start, B · width]. */
  slice(start: number, end: number): Tensor;
  /** Rows 0..end-1 of some columns: [end, B · columns]. */
  columns(end: number, columns: NeuronRange): Tensor;
}

export function createTable(operations: Operations, batch: number, width: number): Table {
  const { slice, reshape } = operations;
  let tensor: Tensor | undefined;
  let rows = 0;
  const table: Table = {
    append: (added) => {
      if (added.length === 0) return;
      const grown = operations.keep(operations.concat(tensor ? [tensor, ...added] : added, 0));
      if (tensor) operations.dispose(tensor);
      tensor = grown;
      rows += added.length;
    },
    get rows() {
      return rows;
    },
    slice: (start, end) => slice(tensor!, [start, 0], [end - start, batch * width]),
    columns: (end, { start, end: stop }) => {
      if (stop - start === width) return table.slice(0, end);
      const part = slice(reshape(table.slice(0, end), [end, batch, width]), [0, 0, start], [end, batch, stop - start]);
      return reshape(part, [end, batch * (stop - start)]);
    },
  };
  return table;
}

/** [rows, B · columns] → [rows, B · width], with zeros in the other columns. */
export function widen(operations: Operations, part: Tensor, batch: number, { start, end }: NeuronRange, width: number): Tensor {
  if (end - start === width) return part;
  const rows = part.shape[0]!;
  const padded = operations.pad(operations.reshape(part, [rows * batch, end - start]), [
    [0, 0],
    [start, width - end],
  ]);
  return operations.reshape(padded, [rows, batch * width]);
}
