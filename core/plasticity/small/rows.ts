/** Rows of floats in the kernel's memory, where each begins on a multiple of 16 bytes. What is never written takes no memory of the machine's. */
import { createKernelMemory, type KernelMemory } from './kernel-module.ts';

/** Where each row is, and a view of each. */
export interface Rows {
  readonly at: readonly number[];
  readonly of: readonly Float32Array[];
}

const floatBytes = 4;
const alignment = 16;

/** @param wanted how many rows of which length; all begin as zeros. */
export function createRows<Name extends string>(
  wanted: Readonly<Record<Name, readonly [count: number, length: number]>>,
): { readonly memory: KernelMemory; readonly rows: Readonly<Record<Name, Rows>> } {
  let end = 0;
  const places = (Object.entries(wanted) as [Name, readonly [number, number]][]).map(([name, [count, length]]) => {
    const stride = Math.ceil((length * floatBytes) / alignment) * alignment;
    const at = Array.from({ length: count }, (_, index) => end + index * stride);
    end += count * stride;
    return { name, length, at };
  });
  const memory = createKernelMemory(end);
  const rows = {} as Record<Name, Rows>;
  for (const { name, length, at } of places) rows[name] = { at, of: at.map((address) => new Float32Array(memory.buffer, address, length)) };
  return { memory, rows };
}
