/** The picture that ends a training: a row an episode, shown → degraded → reconstructed → error. */
import type { Reconstruction } from '../training/training.ts';
import { drawText, glyphHeight, measureText } from './bitmap-font.ts';
import type { Picture } from './png.ts';

export interface StripOptions {
  /** Picture pixels along the side of one image pixel; by default at least 3, and enough for the headings. */
  readonly scale?: number;
}

type Colour = readonly [red: number, green: number, blue: number];

const paper: Colour = [255, 255, 255];
const text: Colour = [96, 96, 96];
/** Around each tile, so that an error of zero is seen as a white tile. */
const frame: Colour = [222, 222, 222];
/** The error map's ends; zero is white. */
const below: Colour = [33, 102, 172];
const above: Colour = [178, 24, 43];

const margin = 12;
const headingGap = 5;
/** Between neighbours of one kind, and between rows: two frames and a line of paper. */
const hairline = 3;
/** Between what was shown, the question, the answer and its error. */
const groupGap = 14;

interface Column {
  readonly heading: string;
  readonly startsGroup: boolean;
  /** [height, width] values of one episode. */
  readonly values: (reconstruction: Reconstruction) => Float32Array;
  readonly colour: (value: number) => Colour;
}

/**
 * Lays out `reconstructions`, one a row. Images: −1 black, 0 mid-grey, 1 white; error (reconstructed − target): −1 blue, 0 white, 1 red; beyond is cut.
 * @throws RangeError when there are none, or they differ in size or in the number of images shown.
 */
export function drawReconstructionStrip(reconstructions: readonly Reconstruction[], options: StripOptions = {}): Picture & { channels: 3 } {
  const first = reconstructions[0];
  if (first === undefined) throw new RangeError('a strip needs at least one reconstruction');
  const scale = options.scale ?? Math.max(3, Math.ceil((measureText('reconstructed') + 8) / first.width));
  const columns = columnsOf(first);
  const tileWidth = first.width * scale;
  const tileHeight = first.height * scale;
  const lefts: number[] = [];
  let right = margin;
  for (const [index, { startsGroup }] of columns.entries()) {
    const left = right + (index === 0 ? 0 : startsGroup ? groupGap : hairline);
    lefts.push(left);
    right = left + tileWidth;
  }

  // The widest heading has to fit above one tile; larger tiles get larger letters.
  const letterScale = Math.max(1, Math.floor(tileWidth / (measureText('reconstructed') + 8)));
  const top = margin + glyphHeight * letterScale + headingGap;
  const canvas = createCanvas(right + margin, top + reconstructions.length * (tileHeight + hairline) - hairline + margin);
  for (const [index, { heading, values, colour }] of columns.entries()) {
    const left = lefts[index]!;
    const start = left + Math.round((tileWidth - measureText(heading) * letterScale) / 2);
    drawText(heading, (column, row) => canvas.fill(start + column * letterScale, margin + row * letterScale, letterScale, text));
    for (const [row, reconstruction] of reconstructions.entries()) {
      checkAlike(reconstruction, first);
      drawTile(canvas, left, top + row * (tileHeight + hairline), scale, first.width, values(reconstruction), colour);
    }
  }
  return canvas.picture;
}

function columnsOf(first: Reconstruction): Column[] {
  return [
    ...first.shown.map((_, index): Column => ({
      heading: 'shown',
      startsGroup: false,
      values: ({ shown }) => shown[index]!,
      colour: grey,
    })),
    { heading: 'degraded', startsGroup: true, values: ({ degraded }) => degraded, colour: grey },
    { heading: 'reconstructed', startsGroup: true, values: ({ reconstructed }) => reconstructed, colour: grey },
    {
      heading: 'error',
      startsGroup: true,
      values: ({ reconstructed, target }) => reconstructed.map((value, at) => value - target[at]!),
      colour: diverging,
    },
  ];
}

function checkAlike({ seed, width, height, shown, degraded, reconstructed, target }: Reconstruction, first: Reconstruction): void {
  const alike = width === first.width && height === first.height && shown.length === first.shown.length;
  const complete = [...shown, degraded, reconstructed, target].every((image) => image.length === width * height);
  if (!alike || !complete) throw new RangeError(`reconstruction ${seed} has another size or number of images than the strip`);
}

interface Canvas {
  readonly picture: Picture & { channels: 3 };
  /** Paints a square (or, with `height`, a rectangle) with this upper left corner; what lies outside the picture is left out. */
  fill(left: number, top: number, side: number, colour: Colour, height?: number): void;
}

function createCanvas(width: number, height: number): Canvas {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at += 3) pixels.set(paper, at);
  const fill = (left: number, top: number, side: number, colour: Colour, tall = side) => {
    for (let y = Math.max(0, top); y < Math.min(height, top + tall); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) pixels.set(colour, (y * width + x) * 3);
    }
  };
  return { picture: { width, height, channels: 3, pixels }, fill };
}

function drawTile(
  canvas: Canvas,
  left: number,
  top: number,
  scale: number,
  width: number,
  values: Float32Array,
  colour: (value: number) => Colour,
): void {
  canvas.fill(left - 1, top - 1, width * scale + 2, frame, (values.length / width) * scale + 2);
  for (const [at, value] of values.entries()) {
    canvas.fill(left + (at % width) * scale, top + Math.floor(at / width) * scale, scale, colour(value));
  }
}

function grey(value: number): Colour {
  const level = Math.round(127.5 + 127.5 * clip(value));
  return [level, level, level];
}

function diverging(value: number): Colour {
  const [red, green, blue] = value < 0 ? below : above;
  const strength = Math.abs(clip(value));
  const mix = (end: number) => Math.round(255 + (end - 255) * strength);
  return [mix(red), mix(green), mix(blue)];
}

/** To [−1, 1]; NaN counts as 0, so that a diverged network still gives a picture. */
function clip(value: number): number {
  return Math.max(-1, Math.min(1, Number.isNaN(value) ? 0 : value));
}
