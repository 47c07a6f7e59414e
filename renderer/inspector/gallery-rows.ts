/** What several networks make of the same held-out episodes, and in which order that is looked at. */
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { isSame } from './same-values.ts';

export interface GalleryColumn {
  readonly picture: { readonly width: number; readonly height: number };
  /** Of the episodes, in their order. */
  readonly losses: ArrayLike<number>;
  readonly arrays: NamedArrays;
}

export const galleryLetters = ['A', 'B', 'C', 'D'] as const;
/** The one that is looked at, and those beside it. */
export const mostColumns = galleryLetters.length;

/** One episode's picture out of `target`, `degraded` or `reconstructed`; not copied. */
export function pictureOf({ arrays, picture: { width, height } }: GalleryColumn, name: string, seed: number): Float32Array {
  const pixels = width * height;
  return (arrays[name]!.data as Float32Array).subarray(seed * pixels, (seed + 1) * pixels);
}

/** y − what was asked for. */
export function errorOf(column: GalleryColumn, seed: number): Float32Array {
  const answer = pictureOf(column, 'reconstructed', seed);
  return pictureOf(column, 'target', seed).map((value, at) => answer[at]! - value);
}

/** Whether both were asked for the same, so that their answers can be compared. */
export function areSameEpisodes(a: GalleryColumn, b: GalleryColumn): boolean {
  return ['target', 'degraded', 'shown'].every((name) => isSame(a.arrays[name]?.data, b.arrays[name]?.data));
}

/** `number`; `worst 0` and `best 0` by a column's error; `better 1` and `worse 1` by how far a column is from the first. */
export interface GalleryOrder {
  readonly value: string;
  readonly label: string;
}

export function ordersFor(columns: number): GalleryOrder[] {
  const letters = galleryLetters.slice(0, columns);
  const of = (letter: string) => (columns === 1 ? '' : ` of ${letter}`);
  return [
    ...letters.flatMap((letter, at) => [
      { value: `worst ${at}`, label: `largest error${of(letter)} first` },
      { value: `best ${at}`, label: `smallest error${of(letter)} first` },
    ]),
    ...letters.slice(1).flatMap((letter, at) => [
      { value: `better ${at + 1}`, label: `where ${letter} is better than A` },
      { value: `worse ${at + 1}`, label: `where ${letter} is worse than A` },
    ]),
    { value: 'number', label: 'by number' },
  ];
}

/** The episodes' numbers; NaN comes first where errors are looked for. @param columns undefined where there is no answer. */
export function sortEpisodes(columns: readonly (GalleryColumn | undefined)[], order: string): number[] {
  const [first] = columns;
  const seeds = Array.from({ length: first?.losses.length ?? 0 }, (_, seed) => seed);
  const [kind = '', at = '0'] = order.split(' ');
  const column = columns[Number(at)];
  if (first === undefined || column === undefined || kind === 'number') return seeds;
  const lossOf = (seed: number) => {
    const loss = column.losses[seed]!;
    return Number.isNaN(loss) ? Infinity : loss;
  };
  const apart = (seed: number) => lossOf(seed) - first.losses[seed]!;
  const keys: Record<string, (seed: number) => number> = {
    worst: (seed) => -lossOf(seed),
    best: lossOf,
    better: apart,
    worse: (seed) => -apart(seed),
  };
  const key = keys[kind];
  return key === undefined ? seeds : seeds.sort((a, b) => key(a) - key(b) || a - b);
}
