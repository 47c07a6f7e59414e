import { describe, expect, it } from 'vitest';
import type { Reconstruction } from '../training/training.ts';
import { drawText, glyphHeight } from './bitmap-font.ts';
import { drawReconstructionStrip } from './reconstruction-strip.ts';

/** 2×2 images; the answer is wrong in two pixels: by +1 and by −1. */
const reconstruction: Reconstruction = {
  seed: 1,
  width: 2,
  height: 2,
  shown: [Float32Array.of(1, -1, 0, 1), Float32Array.of(0, 0, 0, 0), Float32Array.of(-1, -1, -1, -1)],
  degraded: Float32Array.of(1, -1, 0, 0),
  reconstructed: Float32Array.of(1, 0, 0, 0),
  target: Float32Array.of(1, -1, 0, 1),
  loss: 2,
};

const scale = 3;
const tile = 2 * scale;
/** Margin, letters, gap to the first row. */
const top = 12 + glyphHeight + 5;
const lefts = [12, 12 + tile + 3, 12 + 2 * (tile + 3), 12 + 3 * tile + 6 + 14, 12 + 4 * tile + 6 + 28, 12 + 5 * tile + 6 + 42];

describe('drawReconstructionStrip', () => {
  const picture = drawReconstructionStrip([reconstruction, reconstruction], { scale });
  const colourAt = (x: number, y: number) => [...picture.pixels.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3)];
  /** The four colours of a tile, taken at the last picture pixel of each image pixel. */
  const tileAt = (column: number, row: number) =>
    [0, 1, 2, 3].map((at) =>
      colourAt(lefts[column]! + (at % 2) * scale + scale - 1, top + row * (tile + 3) + (at >> 1) * scale + scale - 1),
    );
  const black = [0, 0, 0];
  const middle = [128, 128, 128];
  const white = [255, 255, 255];

  it('has a column an image shown and three more, and a row an episode', () => {
    expect([picture.width, picture.height]).toEqual([lefts[5]! + tile + 12, top + 2 * tile + 3 + 12]);
    expect(picture.pixels.length).toBe(picture.width * picture.height * 3);
  });

  it('maps −1, 0, 1 to black, mid-grey, white', () => {
    for (const row of [0, 1]) {
      expect(tileAt(0, row)).toEqual([white, black, middle, white]);
      expect(tileAt(2, row)).toEqual([black, black, black, black]);
      expect(tileAt(3, row)).toEqual([white, black, middle, middle]);
      expect(tileAt(4, row)).toEqual([white, middle, middle, middle]);
    }
  });

  it('shows too much in red, too little in blue, and nothing in white', () => {
    expect(tileAt(5, 0)).toEqual([white, [178, 24, 43], white, [33, 102, 172]]);
  });

  it('draws a picture even of values that are not finite', () => {
    expect(() => drawReconstructionStrip([{ ...reconstruction, reconstructed: Float32Array.of(NaN, Infinity, 0, 0) }])).not.toThrow();
  });

  it('refuses what does not fit', () => {
    expect(() => drawReconstructionStrip([])).toThrow('at least one');
    expect(() => drawReconstructionStrip([reconstruction, { ...reconstruction, seed: 7, shown: [] }])).toThrow('reconstruction 7');
    expect(() => drawText('é', () => undefined)).toThrow('no letter "é"');
  });
});
