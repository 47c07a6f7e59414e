/** What the charts of a page share: the cursor, the part of the axis that is shown, and how it is shown. */
import type { CurveAxis } from '../../core/contract/api/curves.ts';
import type { Extent } from './lines.ts';
import { smoothingSteps } from './smooth.ts';

/** Of all iterations. */
const usualSmoothing = 0.02;

export class ChartLink {
  along = $state<CurveAxis>('episodes');
  isLogX = $state(false);
  isLogY = $state(false);
  /** The axis reaches as far as single spikes do. */
  hasSpikes = $state(false);
  /** Iterations of the running mean; 1: none. */
  smoothing = $state(1);
  /** A place on the axis; null: nobody points at anything. */
  cursor = $state<number | null>(null);
  /** Null: everything. */
  range = $state.raw<Extent | null>(null);

  #isChosen = false;

  /** Until somebody chooses: as much as suits so many iterations. */
  suit(iterations: number): void {
    if (!this.#isChosen) this.smoothing = smoothingSteps.findLast((step) => step <= iterations * usualSmoothing) ?? 1;
  }

  setSmoothing(iterations: number): void {
    this.#isChosen = true;
    this.smoothing = iterations;
  }

  /** The range and the cursor mean something else on another axis. */
  setAlong(along: CurveAxis): void {
    this.along = along;
    this.range = null;
    this.cursor = null;
  }

  /** A range may begin at zero, and a logarithmic axis cannot. */
  setLogX(isLogX: boolean): void {
    this.isLogX = isLogX;
    this.range = null;
  }
}
