/** Rows of floats in the kernel's memory, where each begins on a multiple of 16 bytes. What is never written takes no memory of the machine's. */
import { createKernelMemory, type KernelMemory } from './kernel-module.ts';

/** Where each row is, and a view of each. */
export interface Rows {
  readonly at: readonly number[];
  readonly of: readonly Float32Array[];
}

/** How many rows of which length. */
export type RowCounts<Name extends string> = Readonly<Record<Name, readonly [count: number, length: number]>>;

const floatBytes = 4;
const alignment = 16;

const strideOf = (length: number) => Math.ceil((length * floatBytes) / alignment) * alignment;

export function countBytes(wanted: RowCounts<string>): number {
  return Object.values(wanted).reduce((sum, [count, length]) => sum + count * strideOf(length), 0);
}

export interface Row {
  readonly at: number;
  readonly of: Float32Array;
}

/** The first row of each. */
export function firstRows<Name extends string>(rows: Readonly<Record<Name, Rows>>): Readonly<Record<Name, Row>> {
  const first = {} as Record<Name, Row>;
  for (const name of Object.keys(rows) as Name[]) first[name] = { at: rows[name].at[0]!, of: rows[name].of[0]! };
  return first;
}

/** All begin as zeros. */
export function createRows<Name extends string>(
  wanted: RowCounts<Name>,
): { readonly memory: KernelMemory; readonly rows: Readonly<Record<Name, Rows>> } {
  let end = 0;
  const places = (Object.entries(wanted) as [Name, readonly [number, number]][]).map(([name, [count, length]]) => {
    const stride = strideOf(length);
    const at = Array.from({ length: count }, (_, index) => end + index * stride);
    end += count * stride;
    return { name, length, at };
  });
  const memory = createKernelMemory(end);
  const rows = {} as Record<Name, Rows>;
  for (const { name, length, at } of places) rows[name] = { at, of: at.map((address) => new Float32Array(memory.buffer, address, length)) };
  return { memory, rows };
}
