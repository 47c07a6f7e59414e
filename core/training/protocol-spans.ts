/** A protocol as people read it. */
import type { Protocol } from '../plasticity/protocol.ts';

/** Consecutive steps with the same label; `computes`: neurons that the first of them computes. */
export function protocolSpans(protocol: Protocol): { label: string; steps: number; computes: number }[] {
  const found: { label: string; steps: number; computes: number }[] = [];
  for (const { label, free, clamped = [] } of protocol.steps) {
    const last = found.at(-1);
    if (last?.label === label) last.steps++;
    else found.push({ label, steps: 1, computes: Math.max(0, free.end - free.start - clamped.length) });
  }
  return found;
}
