/**
 * What a network does with some episodes of few examples: the drawings that it was shown, each framed in its label's colour; the question, framed in the
 * colour of the right answer; and the answer, a bar a label as high as its probability, the right one underlined.
 */
import { drawText, glyphHeight, measureText } from './bitmap-font.ts';
import type { Picture } from './png.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Episodes as the task draws them; `images` [B, S + 1, side, side] with 0 for ink and 1 for paper. */
export interface DrawnEpisodes {
  readonly batch: number;
  readonly ways: number;
  readonly presentations: number;
  readonly side: number;
  readonly images: Float32Array;
  readonly labels: Uint8Array;
  readonly targets: Uint8Array;
}

const paper: Colour = [255, 255, 255];
const text: Colour = [96, 96, 96];
const line: Colour = [200, 200, 200];
/** Told apart by people of every colour vision (Okabe, Ito 2008); more labels than colours take them again, lighter. */
const colours: readonly Colour[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [86, 180, 233],
  [160, 148, 20],
  [60, 60, 60],
];

const scale = 2;
const margin = 12;
const headingGap = 5;
const frame = 3;
const tileGap = 4;
const groupGap = 18;
const rowGap = 14;
const leastBar = 6;
const barGap = 2;
const underline = 3;

/** Where everything of a row lies. */
interface Layout {
  readonly tile: number;
  readonly question: number;
  readonly answer: number;
  readonly bar: number;
  readonly width: number;
  readonly rowHeight: number;
}

/**
 * Lays out the episodes, one a row; what was shown stands in as many lines as there were rounds.
 * @param answers [N] probabilities of each episode.
 * @throws RangeError when there is not one answer an episode.
 */
export function drawFewShotPicture(episodes: DrawnEpisodes, answers: readonly ArrayLike<number>[]): Picture & { channels: 3 } {
  const { batch, presentations } = episodes;
  if (answers.length !== batch || batch === 0) throw new RangeError(`${batch} episodes need as many answers, not ${answers.length}`);
  const layout = layOut(episodes);
  const top = margin + glyphHeight + headingGap;
  const height = top + batch * (layout.rowHeight + rowGap) - rowGap + margin;
  const canvas = createCanvas(layout.width, height);
  for (const [word, left] of [
    ['shown', margin],
    ['test', layout.question],
    ['answer', layout.answer],
  ] as const) {
    drawText(word, (column, row) => canvas.fill(left + column, margin + row, 1, 1, text));
  }
  answers.forEach((answer, episode) => {
    const rowTop = top + episode * (layout.rowHeight + rowGap);
    const images = episode * (presentations + 1);
    for (let presentation = 0; presentation < presentations; presentation++) {
      const column = presentation % episodes.ways;
      const round = Math.floor(presentation / episodes.ways);
      const colour = colourOf(episodes.labels[episode * presentations + presentation]!);
      const step = layout.tile + tileGap;
      drawTile(canvas, margin + column * step, rowTop + round * step, episodes, images + presentation, colour);
    }
    const target = episodes.targets[episode]!;
    drawTile(canvas, layout.question, rowTop, episodes, images + presentations, colourOf(target));
    drawBars(canvas, layout, rowTop, answer, target);
  });
  return canvas.picture;
}

function layOut({ ways, presentations, side }: DrawnEpisodes): Layout {
  const tile = side * scale + 2 * frame;
  const rounds = Math.ceil(presentations / ways);
  const question = margin + ways * (tile + tileGap) - tileGap + groupGap;
  const answer = question + Math.max(tile, measureText('test')) + groupGap;
  // The narrowest bars still leave room for their heading.
  const bar = Math.max(leastBar, Math.ceil((measureText('answer') + barGap) / ways) - barGap);
  const width = answer + ways * (bar + barGap) - barGap + margin;
  return { tile, question, answer, bar, width, rowHeight: rounds * (tile + tileGap) - tileGap };
}

function drawTile(canvas: Canvas, left: number, top: number, { side, images }: DrawnEpisodes, image: number, colour: Colour): void {
  canvas.fill(left, top, side * scale + 2 * frame, side * scale + 2 * frame, colour);
  for (let at = 0; at < side * side; at++) {
    const level = Math.round(255 * clip(images[image * side * side + at]!));
    const [column, row] = [at % side, Math.floor(at / side)];
    canvas.fill(left + frame + column * scale, top + frame + row * scale, scale, scale, [level, level, level]);
  }
}

function drawBars(canvas: Canvas, { answer, bar, tile }: Layout, top: number, probabilities: ArrayLike<number>, target: number): void {
  const full = tile - underline - 2;
  for (let label = 0; label < probabilities.length; label++) {
    const left = answer + label * (bar + barGap);
    const high = Math.round(full * clip(probabilities[label]!));
    canvas.fill(left, top + full - high, bar, high, colourOf(label));
    canvas.fill(left, top + full, bar, 1, line);
    if (label === target) canvas.fill(left, top + full + 2, bar, underline, colourOf(label));
  }
}

function colourOf(label: number): Colour {
  const [red, green, blue] = colours[label % colours.length]!;
  const lighter = 1 - 0.5 ** Math.floor(label / colours.length);
  const mix = (value: number) => Math.round(value + (255 - value) * lighter);
  return [mix(red), mix(green), mix(blue)];
}

interface Canvas {
  readonly picture: Picture & { channels: 3 };
  fill(left: number, top: number, width: number, height: number, colour: Colour): void;
}

function createCanvas(width: number, height: number): Canvas {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at += 3) pixels.set(paper, at);
  const fill: Canvas['fill'] = (left, top, wide, high, colour) => {
    for (let y = top; y < top + high; y++) {
      for (let x = left; x < left + wide; x++) pixels.set(colour, (y * width + x) * 3);
    }
  };
  return { picture: { width, height, channels: 3, pixels }, fill };
}

/** To [0, 1]; NaN counts as 0, so that a diverged network still gives a picture. */
function clip(value: number): number {
  return Math.max(0, Math.min(1, Number.isNaN(value) ? 0 : value));
}
