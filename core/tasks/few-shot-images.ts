/** Drawings made small: 31 × 31 pixels, as the network of arXiv 1804.02464 (section 4.3) sees them. */
import { drawingSide, unpackDrawing, type Character } from '../data/character-images.ts';

/** The share of each drawing's pixel that a small pixel covers, along one axis: [side][…]. */
type Coverage = readonly { readonly first: number; readonly shares: readonly number[] }[];

const coverages = new Map<number, Coverage>();

/**
 * The mean over the area that each small pixel covers, fractions of pixels included: no stroke falls between two samples.
 * @returns [side, side], row-major: 0 for ink, 255 for paper.
 */
export function shrinkDrawing(drawing: Uint8Array, side: number): Uint8Array {
  const ink = unpackDrawing(drawing);
  const coverage = coverages.get(side) ?? coverDrawing(side);
  coverages.set(side, coverage);

  // Along rows, then along columns.
  const narrow = new Float64Array(drawingSide * side);
  for (let row = 0; row < drawingSide; row++) {
    for (const [column, { first, shares }] of coverage.entries()) {
      let sum = 0;
      for (let at = 0; at < shares.length; at++) sum += shares[at]! * ink[row * drawingSide + first + at]!;
      narrow[row * side + column] = sum;
    }
  }
  const small = new Uint8Array(side * side);
  for (const [row, { first, shares }] of coverage.entries()) {
    for (let column = 0; column < side; column++) {
      let sum = 0;
      for (let at = 0; at < shares.length; at++) sum += shares[at]! * narrow[(first + at) * side + column]!;
      small[row * side + column] = Math.round(255 * (1 - sum));
    }
  }
  return small;
}

function coverDrawing(side: number): Coverage {
  const step = drawingSide / side;
  return Array.from({ length: side }, (_, index) => {
    const [from, to] = [index * step, (index + 1) * step];
    const first = Math.floor(from);
    const last = Math.min(drawingSide, Math.ceil(to));
    const shares = Array.from({ length: last - first }, (_, at) => {
      return (Math.min(to, first + at + 1) - Math.max(from, first + at)) / step;
    });
    return { first, shares };
  });
}

/** A character's small drawings, each made when it is first asked for. */
export function createSmallDrawings(side: number): (character: Character, drawing: number) => Uint8Array {
  const known = new Map<Character, Uint8Array[]>();
  return (character, drawing) => {
    const drawings = known.get(character) ?? [];
    known.set(character, drawings);
    return (drawings[drawing] ??= shrinkDrawing(character.drawings[drawing]!, side));
  };
}

/**
 * Turns a small drawing counter-clockwise and scales it to 0 (ink) … 1 (paper).
 * @param quarters 0 to 3 turns of 90°.
 * @param to [side, side], written from `offset` on.
 */
export function placeTurned(small: Uint8Array, side: number, quarters: number, to: Float32Array, offset: number): void {
  const last = side - 1;
  // The source of (row, column) is a first pixel and a step along each axis.
  const [start, rowStep, columnStep] = (
    [
      [0, side, 1],
      [last, -1, side],
      [side * side - 1, -side, -1],
      [last * side, 1, -side],
    ] as const
  )[quarters as 0 | 1 | 2 | 3];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      to[offset + row * side + column] = small[start + row * rowStep + column * columnStep]! / 255;
    }
  }
}
