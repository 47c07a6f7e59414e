/** Where in the kernel's memory everything of one network lies. */
import { columnsOf, countFloats } from './connections.ts';
import { countHeld } from './held-products.ts';
import { countTraces } from './kept-traces.ts';
import { countBytes, createRows, firstRows, type RowCounts } from './rows.ts';

/** Whether the network has a trace, and an eligibility trace beside it. */
export interface FusedTraces {
  readonly hasTrace: boolean;
  readonly hasEligibility: boolean;
}

function rowsOf(neurons: number, steps: number, { hasTrace, hasEligibility }: FusedTraces) {
  const p = columnsOf(neurons);
  const floats = countFloats(neurons);
  const counts = hasTrace ? countTraces(steps) : { anchors: 0, repeated: 0 };
  return {
    cells: [1, floats.cells],
    slopes: [1, floats.slopes],
    columns: [1, 6 * p],
    /** A matrix on its way in or out of cells and slopes. */
    dense: [1, floats.matrix],
    /** w of a network without a trace. */
    plainW: [1, floats.matrix],
    /** The eligibility trace and ∂loss/∂it, where there is one. */
    eligibility: [1, hasEligibility ? floats.matrix : 0],
    dEligibility: [1, hasEligibility ? floats.matrix : 0],
    /** Sums that the kernel gives in four parts each. */
    sums: [1, 12],
    /** Rows by fours, too. */
    dW: [1, p * p],
    drive: [1, p],
    dGain: [1, p],
    dDecay: [1, p],
    /** Row t is y(t); gain and decay of row t are those of the change that step t leaves behind. */
    ys: [steps + 1, p],
    gains: [steps + 1, p],
    decays: [steps + 1, p],
    /** ∂loss/∂drive(t) of steps whose products with y(t - 1) are still to be added to dW. */
    ds: [countHeld(steps), p],
    /** ∂loss/∂y(t) in a ring: of this step, the one before and the one before that. */
    dys: [3, p],
    anchors: [counts.anchors, floats.matrix],
    repeated: [counts.repeated, floats.matrix],
  } as const satisfies RowCounts<string>;
}

/** The most that a network takes: traces that are not needed are never written. */
export function countFusedBytes(neurons: number, steps: number, traces: FusedTraces): number {
  return countBytes(rowsOf(neurons, steps, traces));
}

export function createFusedMemory(neurons: number, steps: number, traces: FusedTraces) {
  const { memory, rows } = createRows(rowsOf(neurons, steps, traces));
  const { ys, gains, decays, ds, dys, anchors, repeated, ...single } = rows;
  return { memory, ys, gains, decays, ds, dys, anchors: anchors.at, repeated: repeated.at, single: firstRows(single) };
}
