/** Smooth strokes and how a round pen draws them. */
import { drawingSide, inkPixel } from './character-images.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Control points that the line passes through, in order. */
export type Stroke = readonly Point[];

/**
 * Places are rounded to 1/256 of a pixel and a curve has 2, 4 or 8 pieces between two control points, so that all that follows is exact arithmetic:
 * a last-digit difference of some machine's logarithm moves no pixel.
 */
const grain = 256;

/**
 * Draws into `drawing` (as `Character` holds it); points are in pixels.
 * @param radius of the pen, in pixels
 */
export function drawStroke(drawing: Uint8Array, stroke: Stroke, radius: number): void {
  const points = stroke.map(({ x, y }) => ({ x: Math.round(x * grain) / grain, y: Math.round(y * grain) / grain }));
  const pen = Math.round(radius * grain) / grain;
  for (let from = 0; from + 1 < points.length; from++) {
    const [a, b, c, d] = [points[from - 1] ?? points[from]!, points[from]!, points[from + 1]!, points[from + 2] ?? points[from + 1]!];
    const pieces = piecesFor((c.x - b.x) ** 2 + (c.y - b.y) ** 2);
    let before = b;
    for (let piece = 1; piece <= pieces; piece++) {
      const here = catmullRom(a, b, c, d, piece / pieces);
      drawSegment(drawing, before, here, pen);
      before = here;
    }
  }
}

/** Pieces of two or three pixels look smooth. */
function piecesFor(squaredLength: number): number {
  return squaredLength > 14 ** 2 ? 8 : squaredLength > 6 ** 2 ? 4 : 2;
}

/** The curve through b and c, t of the way between them; a and d give its direction there. */
function catmullRom(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const along = (p: number, q: number, r: number, s: number) =>
    q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  return { x: along(a.x, b.x, c.x, d.x), y: along(a.y, b.y, c.y, d.y) };
}

/** Inks every pixel whose centre is within the pen's radius of the segment. */
function drawSegment(drawing: Uint8Array, from: Point, to: Point, radius: number): void {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const squaredLength = dx * dx + dy * dy;
  const firstRow = Math.max(0, Math.ceil(Math.min(from.y, to.y) - radius));
  const lastRow = Math.min(drawingSide - 1, Math.floor(Math.max(from.y, to.y) + radius));
  const firstColumn = Math.max(0, Math.ceil(Math.min(from.x, to.x) - radius));
  const lastColumn = Math.min(drawingSide - 1, Math.floor(Math.max(from.x, to.x) + radius));
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const along = squaredLength === 0 ? 0 : ((column - from.x) * dx + (row - from.y) * dy) / squaredLength;
      const t = Math.min(1, Math.max(0, along));
      const offX = column - from.x - t * dx;
      const offY = row - from.y - t * dy;
      if (offX * offX + offY * offY <= radius * radius) inkPixel(drawing, row, column);
    }
  }
}
