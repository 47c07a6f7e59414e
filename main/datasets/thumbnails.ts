/** Sheets of samples of a data set: ten a row, a hundred at most, spread over its classes. */
import { encodePng } from '../../core/files/png.ts';
import { unpackDrawing, drawingSide } from '../../core/data/character-images.ts';
import { scaleSquare } from './image-decoding.ts';

/** Of one sample in the sheet of an import, in pixels. */
export const cellSide = 64;
export const columns = 10;
export const maximumCells = 100;

/** Draws one sample when a sheet is made: [side, side, 3]. */
export type Sample = (side: number) => Uint8Array | Promise<Uint8Array>;

/** A class, or all images where there are none. */
export interface SampleGroup {
  readonly name: string | null;
  /** Samples that can be drawn. */
  readonly count: number;
  readonly sample: (index: number) => Sample;
}

export interface ChosenSample {
  readonly group: number;
  readonly draw: Sample;
}

/** At most `most`, as evenly over the groups as can be. */
export function chooseSamples(groups: readonly SampleGroup[], most: number): ChosenSample[] {
  const places = spreadOverGroups(
    groups.map(({ count }) => count),
    most,
  );
  return places.map(({ group, index }) => ({ group, draw: groups[group]!.sample(index) }));
}

/** The first hundred samples as PNG, ten a row of `side` pixels each; what is left of the last row is white. */
export async function drawSheet(samples: readonly Sample[], side: number, onSample: () => void): Promise<Uint8Array> {
  const shown = samples.slice(0, maximumCells);
  const width = columns * side;
  const height = Math.ceil(shown.length / columns) * side;
  const pixels = new Uint8Array(width * height * 3).fill(255);
  for (const [index, sample] of shown.entries()) {
    onSample();
    const cell = await sample(side);
    const left = (index % columns) * side;
    const top = Math.floor(index / columns) * side;
    for (let row = 0; row < side; row++) {
      pixels.set(cell.subarray(row * side * 3, (row + 1) * side * 3), ((top + row) * width + left) * 3);
    }
  }
  return encodePng({ width, height, channels: 3, pixels });
}

export interface Place {
  readonly group: number;
  readonly index: number;
}

/**
 * Which samples to show of groups with `counts` of them: as many of each group as there is room for, group after group, at even distances;
 * of more groups than cells, groups at even distances.
 */
function spreadOverGroups(counts: readonly number[], most = maximumCells): Place[] {
  const groups = counts.flatMap((count, group) => (count > 0 ? [group] : []));
  const shown = groups.length <= most ? groups : Array.from({ length: most }, (_, at) => groups[evenly(at, most, groups.length)]!);
  const shares = new Map(shown.map((group) => [group, 0]));
  let left = most;
  // One more of each group that has another, until the sheet is full.
  for (let before = -1; left > 0 && left !== before;) {
    before = left;
    for (const group of shown) {
      const share = shares.get(group)!;
      if (left === 0 || share === counts[group]!) continue;
      shares.set(group, share + 1);
      left--;
    }
  }
  return [...shares].flatMap(([group, share]) =>
    Array.from({ length: share }, (_, at) => ({ group, index: evenly(at, share, counts[group]!) })),
  );
}

/** Place `at` of `places` at even distances among `count`. */
function evenly(at: number, places: number, count: number): number {
  return Math.floor((at * count) / places);
}

/** A picture of CIFAR-10, [3, 32, 32], each pixel several times. */
export function cifar10Cell(planes: Uint8Array, side: number): Uint8Array {
  const own = 32;
  const from = Array.from({ length: side }, (_, at) => Math.floor((at * own) / side));
  return Uint8Array.from({ length: side * side * 3 }, (_, at) => {
    const [row, column] = [from[Math.floor(at / (side * 3))]!, from[Math.floor(at / 3) % side]!];
    return planes[(at % 3) * own * own + row * own + column]!;
  });
}

/** A drawing of a character, black on white. */
export async function drawingCell(drawing: Uint8Array, side: number): Promise<Uint8Array> {
  const paper = unpackDrawing(drawing).map((ink) => (ink === 1 ? 0 : 255));
  const grey = await scaleSquare(paper, drawingSide, side);
  return Uint8Array.from({ length: grey.length * 3 }, (_, at) => grey[Math.floor(at / 3)]!);
}
