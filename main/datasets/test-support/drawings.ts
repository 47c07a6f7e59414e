/** Files as in Omniglot, for the tests. */
import { drawingBytes, inkPixel } from '../../../core/data/character-images.ts';
import { encodeDrawing } from '../../../core/data/test-drawings.ts';

export interface DrawingFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Characters of one alphabet, each drawn twenty times; no two drawings are alike, nor those of two seeds. */
export function alphabetFiles(alphabet: string, characters: number, seed = 0): DrawingFile[] {
  return Array.from({ length: characters * 20 }, (_, index) => {
    const character = Math.floor(index / 20) + 1;
    const folder = `${alphabet}/character${String(character).padStart(2, '0')}`;
    const file = `${String(seed + character).padStart(4, '0')}_${String((index % 20) + 1).padStart(2, '0')}.png`;
    return { name: `${folder}/${file}`, content: drawing(seed * 1000 + index) };
  });
}

/** A bar, and the bits of `seed` beside it. */
function drawing(seed: number): Uint8Array {
  const bits = new Uint8Array(drawingBytes);
  for (let row = 20; row < 80; row++) for (let column = 50; column < 54; column++) inkPixel(bits, row, column);
  for (let bit = 0; bit < 20; bit++) if ((seed >> bit) & 1) inkPixel(bits, 20 + 2 * bit, 70);
  return encodeDrawing(bits, 'up');
}
