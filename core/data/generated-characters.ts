/**
 * Characters that no one ever wrote, for tasks like Omniglot's where that data set is not at hand: made of smooth strokes, always the same,
 * each drawn twenty times by an unsteady hand. Results on them are not results on Omniglot.
 */
import { createRandom, type Random } from '../random.ts';
import { drawingBytes, drawingsPerCharacter, drawingSide, type Character, type CharacterImages } from './character-images.ts';
import { inventShape, joinEnds, type Shape } from './stroke-shapes.ts';
import { drawStroke, type Point, type Stroke } from './strokes.ts';

const alphabets = 40;
const charactersPerAlphabet = 40;
/** Raised whenever a pixel changes: old runs must not seem to be of today's characters. */
export const generatorVersion = 1;
const seed = generatorVersion;

const shapesPerAlphabet = 7;
const strokeCountChances = [0.22, 0.38, 0.28, 0.12];
/** Of the largest extent, in pixels. */
const boxSide = 62;
const leastWidthToLength = 0.33;

export const generatedCharacterCount = alphabets * charactersPerAlphabet;

/** 1,600 characters in 40 alphabets. A character's strokes and drawings are made when its drawings are first asked for. */
export function generateCharacters(): CharacterImages {
  return Array.from({ length: alphabets }, (_, alphabet) => alphabetOf(alphabet + 1)).flat();
}

function alphabetOf(number: number): Character[] {
  const alphabet = `Generated_${twoDigits(number)}`;
  const shapes = lazily(() => {
    const random = createRandom(seed, `alphabet ${alphabet}`);
    return Array.from({ length: shapesPerAlphabet }, () => inventShape(random));
  });
  return Array.from({ length: charactersPerAlphabet }, (_, index) => {
    const name = `character${twoDigits(index + 1)}`;
    const drawings = lazily(() => {
      const random = createRandom(seed, `${alphabet}/${name}`);
      const strokes = composeCharacter(shapes(), random);
      return Array.from({ length: drawingsPerCharacter }, () => drawByHand(strokes, random));
    });
    return {
      alphabet,
      name,
      get drawings() {
        return drawings();
      },
    };
  });
}

/** Strokes in pixels, in the middle of the drawing. Those that are hardly more than a line are thrown away: they would be hard to tell apart. */
function composeCharacter(shapes: readonly Shape[], random: Random): Stroke[] {
  for (;;) {
    const strokes = joinShapes(shapes, random);
    if (widthToLength(strokes.flat()) >= leastWidthToLength) return fitIntoBox(strokes);
  }
}

/** The fewer strokes there are, the more shapes each of them joins. */
function joinShapes(shapes: readonly Shape[], random: Random): Stroke[] {
  const count = drawIndex(strokeCountChances, random) + 1;
  const strokes: Stroke[] = [];
  for (let index = 0; index < count; index++) {
    const joined = count === 1 ? random.integer(2, 3) : count === 2 ? random.integer(1, 2) : 1;
    const parts = Array.from({ length: joined }, () => shapes[random.integer(0, shapes.length - 1)]!);
    const stroke = joinEnds(parts, 0.65 + 0.5 * random.uniform());
    strokes.push(index === 0 ? stroke : placeBeside(strokes, stroke, random));
  }
  return strokes;
}

/** Begins, crosses or ends at a point of an earlier stroke, or a little beside it. */
function placeBeside(earlier: readonly Stroke[], stroke: Stroke, random: Random): Stroke {
  const other = earlier[random.integer(0, earlier.length - 1)]!;
  const there = other[random.integer(0, other.length - 1)]!;
  const here = stroke[[0, stroke.length >> 1, stroke.length - 1][random.integer(0, 2)]!]!;
  const [besideX, besideY] = random.uniform() < 0.7 ? [0, 0] : [0.3 * random.normal(), 0.3 * random.normal()];
  return stroke.map(({ x, y }) => ({ x: x - here.x + there.x + besideX, y: y - here.y + there.y + besideY }));
}

/** Of the points' spread across their longest direction to that along it: 0 for points on a line. */
function widthToLength(points: readonly Point[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const xx = mean(points.map(({ x }) => (x - middleX) ** 2));
  const yy = mean(points.map(({ y }) => (y - middleY) ** 2));
  const xy = mean(points.map(({ x, y }) => (x - middleX) * (y - middleY)));
  const difference = Math.hypot((xx - yy) / 2, xy);
  return Math.sqrt(Math.max(0, (xx + yy) / 2 - difference) / ((xx + yy) / 2 + difference));
}

function extent(strokes: readonly Stroke[]): {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
} {
  const points = strokes.flat();
  const left = Math.min(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  return { left, top, width: Math.max(...points.map(({ x }) => x)) - left, height: Math.max(...points.map(({ y }) => y)) - top };
}

function fitIntoBox(strokes: readonly Stroke[]): Stroke[] {
  const { left, top, width, height } = extent(strokes);
  const scale = boxSide / Math.max(width, height);
  const middle = (drawingSide - 1) / 2;
  const place = ({ x, y }: Point) => ({ x: middle + scale * (x - left - width / 2), y: middle + scale * (y - top - height / 2) });
  return strokes.map((stroke) => stroke.map(place));
}

/** One drawing: turned, slanted, stretched and shifted a little, each control point off its place. */
function drawByHand(strokes: readonly Stroke[], random: Random): Uint8Array {
  const turn = 0.07 * random.normal();
  const slant = 0.1 * random.normal();
  const [wide, high] = [0.9 + 0.09 * random.normal(), 0.9 + 0.09 * random.normal()];
  const [right, down] = [3.5 * random.normal(), 3.5 * random.normal()];
  const radius = 1.8 + 0.5 * random.uniform();
  const middle = (drawingSide - 1) / 2;
  const drawing = new Uint8Array(drawingBytes);
  for (const stroke of strokes) {
    const moved = stroke.map(({ x, y }) => {
      const [fromMiddleX, fromMiddleY] = [wide * (x - middle), high * (y - middle)];
      return {
        x: middle + fromMiddleX + (slant - turn) * fromMiddleY + right + 1.1 * random.normal(),
        y: middle + fromMiddleY + turn * fromMiddleX + down + 1.1 * random.normal(),
      };
    });
    drawStroke(drawing, moved, radius);
  }
  return drawing;
}

function drawIndex(chances: readonly number[], random: Random): number {
  let left = random.uniform();
  const found = chances.findIndex((chance) => (left -= chance) < 0);
  return found < 0 ? chances.length - 1 : found;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
