/** A sheet of samples of a data set: ten a row, a hundred at most, spread over its classes. */
import { encodePng } from '../../core/files/png.ts';
import { unpackDrawing, drawingSide } from '../../core/data/character-images.ts';
import { scaleSquare } from './image-decoding.ts';

/** Of one sample in the sheet, in pixels. */
export const cellSide = 64;
const columns = 10;
export const maximumCells = 100;

/** Draws one sample when the sheet is made: [64, 64, 3]. */
export type Sample = () => Uint8Array | Promise<Uint8Array>;

/** The sheet as PNG: 640 pixels wide, with as many rows of 64 as the samples need; what is left of the last one is white. */
export async function drawThumbnails(samples: readonly Sample[], onSample: () => void): Promise<Uint8Array> {
  const shown = samples.slice(0, maximumCells);
  const width = columns * cellSide;
  const height = Math.ceil(shown.length / columns) * cellSide;
  const pixels = new Uint8Array(width * height * 3).fill(255);
  for (const [index, sample] of shown.entries()) {
    onSample();
    const cell = await sample();
    const left = (index % columns) * cellSide;
    const top = Math.floor(index / columns) * cellSide;
    for (let row = 0; row < cellSide; row++) {
      pixels.set(cell.subarray(row * cellSide * 3, (row + 1) * cellSide * 3), ((top + row) * width + left) * 3);
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
export function spreadOverGroups(counts: readonly number[]): Place[] {
  const groups = counts.flatMap((count, group) => (count > 0 ? [group] : []));
  const shown =
    groups.length <= maximumCells
      ? groups
      : Array.from({ length: maximumCells }, (_, at) => groups[evenly(at, maximumCells, groups.length)]!);
  const shares = new Map(shown.map((group) => [group, 0]));
  let left = maximumCells;
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

/** A picture of CIFAR-10, [3, 32, 32], twice as large. */
export function cifar10Cell(planes: Uint8Array): Uint8Array {
  const side = cellSide / 2;
  return Uint8Array.from({ length: cellSide * cellSide * 3 }, (_, at) => {
    const [row, column] = [Math.floor(at / (cellSide * 3)), Math.floor(at / 3) % cellSide];
    return planes[(at % 3) * side * side + (row >> 1) * side + (column >> 1)]!;
  });
}

/** A drawing of a character, black on white. */
export async function drawingCell(drawing: Uint8Array): Promise<Uint8Array> {
  const paper = unpackDrawing(drawing).map((ink) => (ink === 1 ? 0 : 255));
  const grey = await scaleSquare(paper, drawingSide, cellSide);
  return Uint8Array.from({ length: grey.length * 3 }, (_, at) => grey[Math.floor(at / 3)]!);
}
