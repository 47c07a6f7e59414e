import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTraces, createKeptTraces } from './kept-traces.ts';

/** Traces of one number, hebb(t + 1) = decay(t) hebb(t) + t, in rows that stand for the kernel's memory. */
function keepAll(decays: readonly number[]) {
  const steps = decays.length + 1;
  const memory = new Map<number, Float32Array>();
  const rows = (count: number, from: number) => {
    const at = Array.from({ length: count }, (_, index) => from + index);
    for (const address of at) memory.set(address, new Float32Array(1));
    return at;
  };
  const counts = countTraces(steps);
  const [anchors, repeated] = [rows(counts.anchors, 1), rows(counts.repeated, 1 + counts.anchors)];
  const traces = [NaN, 0];
  let repeats = 0;
  const change = (t: number, from: number) => Math.fround(Math.fround(decays[t - 1]!) * from + t);
  const kept = createKeptTraces(steps, {
    anchors,
    repeated,
    copy: (to) => (memory.get(to)![0] = traces.at(-1)!),
    advance: (t, from, to) => {
      repeats++;
      memory.get(to)![0] = change(t, memory.get(from)![0]!);
    },
  });
  kept.begin();
  for (let t = 1; t < steps; t++) {
    kept.keep(t, Math.min(1, Math.abs(Math.fround(decays[t - 1]!))));
    traces.push(change(t, traces[t]!));
  }
  /** Of each change the trace that was found, or undefined where it is to be inverted. */
  const found: (number | undefined)[] = [];
  for (let t = steps - 1; t >= 1; t--) {
    const at = kept.find(t);
    found[t] = at === 0 ? undefined : memory.get(at)![0]!;
  }
  return { traces, found, repeats, counts, copied: anchors.filter((address) => memory.get(address)![0] !== 0).length };
}

const decays = fc.oneof(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.constantFrom(0, 0.01, 1, -0.5, 1.5));

describe('the traces that are kept', () => {
  it('are each found exactly, or to be inverted with little growth of errors', () => {
    const property = fc.property(fc.array(decays, { maxLength: 60 }), (all) => {
      const { traces, found, repeats } = keepAll(all);
      let growth = 1;
      for (let t = all.length; t >= 1; t--) {
        growth = found[t] === undefined ? growth / Math.min(1, Math.abs(all[t - 1]!)) : 1;
        expect(growth).toBeLessThanOrEqual(8.0001);
        if (found[t] !== undefined) expect(found[t]).toBe(traces[t]);
      }
      expect(repeats).toBeLessThanOrEqual(all.length);
    });
    fc.assert(property, { numRuns: 1000, seed: 20 });
  });

  it('are none but the first where every change can be inverted', () => {
    const { found, repeats, copied } = keepAll(Array.from({ length: 200 }, () => 1));
    expect(found.filter((trace) => trace !== undefined)).toEqual([0]);
    expect([repeats, copied]).toEqual([0, 0]);
  });

  it('are two square roots of the steps at most', () => {
    const { found, counts } = keepAll(Array.from({ length: 199 }, () => 0));
    expect(found.slice(1).includes(undefined)).toBe(false);
    expect(counts).toEqual({ anchors: 14, repeated: 14 });
    for (let steps = 1; steps < 3000; steps++) {
      const { anchors, repeated } = countTraces(steps);
      expect(anchors + repeated).toBeLessThanOrEqual(2 * Math.ceil(Math.sqrt(steps)));
    }
  });
});
