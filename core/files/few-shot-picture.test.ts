import { describe, expect, it } from 'vitest';
import { glyphHeight } from './bitmap-font.ts';
import { drawFewShotPicture, type DrawnEpisodes } from './few-shot-picture.ts';

/** Two labels, two rounds, images of 2 × 2 pixels whose upper left one is ink. */
const episodes: DrawnEpisodes = {
  batch: 1,
  ways: 2,
  presentations: 4,
  side: 2,
  images: Float32Array.from({ length: 5 * 4 }, (_, at) => (at % 4 === 0 ? 0 : 1)),
  labels: Uint8Array.of(1, 0, 0, 1),
  targets: Uint8Array.of(1),
};
const [blue, orange, white, black] = [
  [0, 114, 178],
  [230, 159, 0],
  [255, 255, 255],
  [0, 0, 0],
];

const top = 12 + glyphHeight + 5;
/** Two image pixels a side, doubled, and a frame of three; 4 between tiles, 18 between groups. */
const step = 4 + 6 + 4;
const question = 12 + 2 * step - 4 + 18;

describe('drawFewShotPicture', () => {
  const picture = drawFewShotPicture(episodes, [[0, 1]]);
  const at = (x: number, y: number) => [...picture.pixels.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3)];

  it('frames each drawing in its label’s colour, a line a round, and the question in that of the right answer', () => {
    expect([at(12, top), at(12 + step, top), at(12, top + step), at(12 + step, top + step)]).toEqual([orange, blue, blue, orange]);
    expect(at(question, top)).toEqual(orange);
    // Inside the frame: ink, then paper.
    expect([at(15, top + 3), at(17, top + 3), at(question + 3, top + 3)]).toEqual([black, white, black]);
  });

  it('has a bar a label as high as its probability, and a line under the right one', () => {
    const full = 10 - 3 - 2;
    const column = (label: number) => {
      // Of one width, to the right of the question; the paper's margin is on their right.
      const width = Math.max(6, Math.ceil((35 + 2) / 2) - 2);
      return picture.width - 12 - 2 * width - 2 + label * (width + 2);
    };
    expect(Array.from({ length: full }, (_, y) => at(column(1), top + y))).toEqual(Array.from({ length: full }, () => orange));
    expect(Array.from({ length: full }, (_, y) => at(column(0), top + y))).toEqual(Array.from({ length: full }, () => white));
    expect([at(column(0), top + full + 2), at(column(1), top + full + 2)]).toEqual([white, orange]);
  });

  it('draws answers that are not finite, and more labels than it has colours', () => {
    const ways = 20;
    const many = {
      ...episodes,
      ways,
      presentations: ways,
      images: new Float32Array(21 * 4),
      labels: Uint8Array.from({ length: ways }, (_, label) => label),
    };
    const drawn = drawFewShotPicture(many, [new Float64Array(ways).fill(Number.NaN)]);
    expect(drawn.pixels.length).toBe(drawn.width * drawn.height * 3);
  });

  it('refuses what does not fit', () => {
    expect(() => drawFewShotPicture(episodes, [])).toThrow('1 episodes need as many answers, not 0');
  });
});
