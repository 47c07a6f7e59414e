/** Curves by run and metric. Nothing on the page depends on the maps themselves: whoever changes them tells. */
import type { JournalRecordOf } from '../../core/contract/journal-records.ts';
import type { GrowingCurve } from './curve.ts';

export function curveKey(run: string, name: string): string {
  return `${run}\n${name}`;
}

export function createCurves(entries: Iterable<readonly [string, GrowingCurve]> = []): Map<string, GrowingCurve> {
  return new Map(entries);
}

/** By run. */
export function createRecent(): Map<string, JournalRecordOf<'metrics'>[]> {
  return new Map();
}
