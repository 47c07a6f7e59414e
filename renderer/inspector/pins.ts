/** Synapses that somebody keeps in view, as the address holds them: "12-40,3-7". */
import type { Place } from './limits.ts';

export const mostPins = 6;

/** What is no such list is none. */
export function readPins(text: string | null): readonly Place[] {
  const pairs = (text ?? '').split(',').flatMap((part) => {
    const [, i, j] = /^(\d{1,5})-(\d{1,5})$/.exec(part) ?? [];
    return i === undefined || j === undefined ? [] : [{ i: Number(i), j: Number(j) }];
  });
  return pairs.filter((place, at) => pairs.findIndex((other) => isSamePlace(other, place)) === at).slice(0, mostPins);
}

export function writePins(pins: readonly Place[]): string | null {
  return pins.length === 0 ? null : pins.map(({ i, j }) => `${i}-${j}`).join(',');
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.i === b.i && a.j === b.j;
}

export function nameOf({ i, j }: Place): string {
  return `${i} → ${j}`;
}
