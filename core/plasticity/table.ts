/** A chunk's table of activations in the backend's memory: [rows, B · width], grown as the episode goes on. */
import { columnsOf, padMatrix, view } from './views.ts';
import type { Operations, Tensor } from '../backend/operations.ts';
import type { NeuronRange } from './protocol.ts';

export interface Table {
  readonly rows: number;
  /** Appends rows, each [1, B · width]. Called in a step's scope; the table lives in the scope around it. */
  append(rows: readonly Tensor[]): void;
  /** These rows of all columns, in this order: [n, B · width]. */
  gather(rows: readonly number[]): Tensor;
  /** Rows 0..end-1 of some columns: [end, B · columns]. */
  columns(end: number, columns: NeuronRange): Tensor;
}

/**
 * Tensors from a table may share its memory; they are valid until the next `append`.
 * @param capacity how many rows there will be.
 */
export function createTable(operations: Operations, capacity: number, batch: number, width: number): Table {
  const matrix = operations.growing(capacity, batch * width);
  return {
    get rows() {
      return matrix.rows;
    },
    append: (added) => {
      if (added.length > 0) matrix.append(added);
    },
    gather: (wanted) => {
      const parts = runs(wanted).map(({ start, end }) => matrix.part(start, end));
      return parts.length === 1 ? parts[0]! : operations.concat(parts, 0);
    },
    columns: (end, { start, end: stop }) => {
      const whole = matrix.part(0, end);
      if (stop - start === width) return whole;
      const part = columnsOf(operations, view(operations, whole, end * batch, width), start, stop);
      return view(operations, part, end, batch * (stop - start));
    },
  };
}

/** Rising runs of consecutive numbers. */
function runs(numbers: readonly number[]): NeuronRange[] {
  const found: { start: number; end: number }[] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last?.end === number) last.end++;
    else found.push({ start: number, end: number + 1 });
  }
  return found;
}

/** [rows, B · columns] → [rows, B · width], with zeros in the other columns. */
export function widen(operations: Operations, part: Tensor, batch: number, { start, end }: NeuronRange, width: number): Tensor {
  if (end - start === width) return part;
  const rows = part.shape[0]!;
  const padded = padMatrix(operations, view(operations, part, rows * batch, end - start), [0, 0], [start, width - end]);
  return view(operations, padded, rows, batch * width);
}

/** Rows placed at `places` of a matrix of `count` rows, zero elsewhere: [n, m] → [count, m]. Rows with the same place are added. */
export function scatter(operations: Operations, rows: Tensor, places: readonly number[], count: number): Tensor {
  const [run, ...others] = runs(places);
  if (run && others.length === 0) return padMatrix(operations, rows, [run.start, count - run.end], [0, 0]);
  return operations.matMul(selection(operations, places, count), rows);
}

/** [count, n]: column i is 1 in row places[i]. */
export function selection(operations: Operations, places: readonly number[], count: number): Tensor {
  const values = new Float32Array(count * places.length);
  places.forEach((place, index) => (values[place * places.length + index] = 1));
  return operations.tensor(values, [count, places.length]);
}
