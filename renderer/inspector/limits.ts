/** How far a panel's colours reach: nearly all of its values, from a sample of places that is always the same. */
import { traceValue, type TraceFactors } from '../../core/inspection/trace-factors.ts';
import type { Weights } from './inspection.svelte.ts';
import type { PanelName } from './panels.ts';

const sampled = 4096;
const share = 0.995;

export interface Place {
  readonly i: number;
  readonly j: number;
}

/** The place, where a matrix of so many neurons has it: networks of different size that are looked at together share one. */
export function placeIn(place: Place | undefined, neurons: number): Place | undefined {
  const isIndex = (at: number) => Number.isInteger(at) && at >= 0 && at < neurons;
  return place !== undefined && isIndex(place.i) && isIndex(place.j) ? place : undefined;
}

/** Spread over the matrix without a pattern of its own (multiples of the golden ratio and of √2). */
export function samplePlaces(neurons: number): readonly Place[] {
  return Array.from({ length: Math.min(sampled, neurons ** 2) }, (_, at) => ({
    i: Math.floor((((at + 0.5) * 0.618_033_988_75) % 1) * neurons),
    j: Math.floor((((at + 0.5) * 0.414_213_562_37 + at / sampled) % 1) * neurons),
  }));
}

/** The value that a panel shows at a place; exactly what an export holds, before it is rounded to float32. */
export function panelValue(
  name: PanelName,
  { w, alpha, neurons }: Weights,
  factors: TraceFactors | undefined,
  right: Float64Array | undefined,
  { i, j }: Place,
): number {
  const at = i * neurons + j;
  const hebb = factors === undefined || right === undefined ? 0 : traceValue(factors, right, i, j);
  switch (name) {
    case 'w':
      return w[at]!;
    case 'alpha':
      return alpha[at]!;
    case 'hebb':
      return hebb;
    case 'plastic':
      return alpha[at]! * hebb;
    case 'total':
      return w[at]! + alpha[at]! * hebb;
  }
}

/** One network's matrices at one step. */
export interface ShownMatrices {
  readonly weights: Weights;
  readonly factors: TraceFactors | undefined;
  readonly right: Float64Array | undefined;
}

export function shownValue(name: PanelName, { weights, factors, right }: ShownMatrices, place: Place): number {
  return panelValue(name, weights, factors, right, place);
}

/** @param rights of the steps that count. */
export function findLimit(
  name: PanelName,
  weights: Weights,
  factors: TraceFactors | undefined,
  rights: readonly (Float64Array | undefined)[],
): number {
  const values = rights.map((right) => (place: Place) => panelValue(name, weights, factors, right, place));
  return findReach(weights.neurons, values);
}

/** The same of any values at places, one function a step that counts. */
export function findReach(neurons: number, values: readonly ((place: Place) => number)[]): number {
  // Every step has its share of the places: as many values for an episode as for a step, and every place once of what never changes.
  const sizes = samplePlaces(neurons).map((place, at) => Math.abs(values[at % values.length]!(place)));
  const finite = Float64Array.from(sizes.filter(Number.isFinite)).sort();
  return finite[Math.floor(share * (finite.length - 1))] || finite.at(-1) || 1;
}
