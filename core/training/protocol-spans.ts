/** A protocol as people read it. */
import type { Protocol } from '../plasticity/protocol.ts';

/** Consecutive steps with the same label, as [label, steps]. */
export function protocolSpans(protocol: Protocol): { label: string; steps: number; computes: number }[] {
  const found: { label: string; steps: number; computes: number }[] = [];
  for (const { label, free } of protocol.steps) {
    const last = found.at(-1);
    if (last?.label === label) last.steps++;
    else found.push({ label, steps: 1, computes: Math.max(0, free.end - free.start) });
  }
  return found;
}
