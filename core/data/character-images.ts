/** Drawn characters in memory: what the readers of Omniglot and the generator return, and what tasks of few examples draw from. */

/** Pixels on each side of a drawing. */
export const drawingSide = 105;
const rowBytes = Math.ceil(drawingSide / 8);
/** A drawing takes one bit a pixel: rows of 14 bytes, the leftmost pixel in the highest bit, 1 for ink. */
export const drawingBytes = drawingSide * rowBytes;
export const drawingsPerCharacter = 20;

export interface Character {
  readonly alphabet: string;
  /** `character01`, unique within its alphabet. */
  readonly name: string;
  /** [drawingsPerCharacter], each of `drawingBytes`; generated ones are drawn when they are first asked for. */
  readonly drawings: readonly Uint8Array[];
}

/** Sorted by alphabet, then by name. */
export type CharacterImages = readonly Character[];

export interface CharacterDataset {
  /** What a person calls it: `characters`, or the last part of the path it was read from. */
  readonly name: string;
  readonly format: 'omniglot' | 'characters';
  /** SHA-256 over all drawings with their names, in order. */
  readonly sha256: string;
  readonly characters: CharacterImages;
  /** One line for people. */
  readonly note: string;
}

/** [105, 105], row-major: 1 for ink, 0 for paper. */
export function unpackDrawing(drawing: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(drawingSide * drawingSide);
  for (let row = 0; row < drawingSide; row++) {
    for (let column = 0; column < drawingSide; column++) {
      pixels[row * drawingSide + column] = (drawing[row * rowBytes + (column >> 3)]! >> (7 - (column & 7))) & 1;
    }
  }
  return pixels;
}

/** Puts ink on one pixel; whatever lies outside is left out. */
export function inkPixel(drawing: Uint8Array, row: number, column: number): void {
  if (row < 0 || column < 0 || row >= drawingSide || column >= drawingSide) return;
  drawing[row * rowBytes + (column >> 3)]! |= 0x80 >> (column & 7);
}
