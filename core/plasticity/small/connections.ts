/** What a small network keeps of its connections, in the order that the kernel wants: matrices of [N, N] go in and out, four columns of a row at a time. */
import type { Kernel } from './kernel-module.ts';
import type { Vector } from './small-recurrent.ts';

/** Bytes of four floats, of what lies together in `cells`, in `slopes` and in a matrix by itself (`kernel/kernel.ts`). */
const group = 16;
const cell = 3 * group;
const slope = 2 * group;

/** How many floats `cells`, `slopes` and a matrix by itself take. */
export function countFloats(neurons: number) {
  const size = countRows(neurons) * columnsOf(neurons);
  return { cells: 3 * size, slopes: 2 * size, matrix: size };
}

/** The kernel takes rows by pairs, and columns by fours. */
export const countRows = (neurons: number) => Math.ceil(neurons / 2) * 2;
export const columnsOf = (neurons: number) => Math.ceil(neurons / 4) * 4;

export interface Connections {
  write(matrix: 'w' | 'alpha', values: Vector): void;
  fillAlpha(value: number): void;
  read(matrix: 'trace' | 'dAlpha'): Float32Array;
  /** Sets trace and ∂loss/∂trace to zero. */
  beginEpisode(): void;
  /** Sets ∂loss/∂alpha to zero. */
  beginSums(): void;
  /** The trace as it is, as a matrix by itself. */
  copyTrace(to: number): void;
}

/** @param dense room for a matrix by itself, on its way in or out. */
export function createConnections(
  kernel: Kernel,
  neurons: number,
  cells: number,
  slopes: number,
  dense: { readonly at: number; readonly of: Float32Array },
): Connections {
  const count = countFloats(neurons).matrix / 4;
  const places = {
    w: { at: cells, stride: cell },
    alpha: { at: cells + group, stride: cell },
    trace: { at: cells + 2 * group, stride: cell },
    g: { at: slopes, stride: slope },
    dAlpha: { at: slopes + group, stride: slope },
  };
  const insert = (name: keyof typeof places) => kernel.copyGroups(count, dense.at, group, places[name].at, places[name].stride);
  const clear = (name: keyof typeof places) => kernel.clearGroups(count, places[name].at, places[name].stride);
  return {
    write: (name, values) => {
      writeRows(dense.of, neurons, neurons, values);
      insert(name);
    },
    fillAlpha: (value) => {
      writeRows(dense.of, neurons, neurons, new Float32Array(neurons ** 2).fill(value));
      insert('alpha');
    },
    read: (name) => {
      kernel.copyGroups(count, places[name].at, places[name].stride, dense.at, group);
      return readRows(dense.of, neurons, neurons);
    },
    beginEpisode: () => {
      clear('trace');
      clear('g');
    },
    beginSums: () => clear('dAlpha'),
    copyTrace: (to) => kernel.copyGroups(count, places.trace.at, places.trace.stride, to, group),
  };
}

/** [rows, columns] into the beginnings of rows of whole groups; what is beyond is zero, and so adds nothing anywhere. */
export function writeRows(to: Float32Array, rows: number, columns: number, values: Vector): void {
  to.fill(0);
  const length = columnsOf(columns);
  for (let i = 0; i < rows; i++) to.set(values.subarray(i * columns, (i + 1) * columns), i * length);
}

export function readRows(from: Float32Array, rows: number, columns: number): Float32Array {
  const values = new Float32Array(rows * columns);
  const length = columnsOf(columns);
  for (let i = 0; i < rows; i++) values.set(from.subarray(i * length, i * length + columns), i * columns);
  return values;
}
