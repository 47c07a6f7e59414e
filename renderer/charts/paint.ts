/** Draws lines on a canvas: what would fall on the same pixel is drawn once, so that a hundred long runs cost no more than the screen has pixels. */
import { dashes } from './colours.ts';
import { indicesOf, type Band, type ChartLine, type Extent, type Path } from './lines.ts';
import type { ChartColours } from './theme-colours.ts';

/** Canvas pixels, and what they mean. */
export interface Plane {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Extent;
  readonly y: Extent;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  /** Canvas pixels a CSS pixel. */
  readonly ratio: number;
}

/** Beyond so many lines, each is as thin as can be. */
const fewLines = 16;

export function paintLines(ctx: CanvasRenderingContext2D, plane: Plane, lines: readonly ChartLine[], colours: ChartColours): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(plane.left, plane.top, plane.width, plane.height);
  ctx.clip();
  ctx.lineJoin = 'round';
  const many = lines.length > fewLines;
  for (const line of lines) {
    if (line.band !== undefined) paintBand(ctx, plane, line.band, colourOf(line, colours), line.isFaint === true ? 0.05 : 0.2);
  }
  for (const line of lines) {
    if (line.raw === undefined) continue;
    ctx.globalAlpha = line.isFaint === true ? 0.08 : 0.28;
    strokePath(ctx, plane, line.raw, colourOf(line, colours), many ? 1 : plane.ratio, []);
  }
  for (const line of [...lines.filter(({ isFaint }) => isFaint === true), ...lines.filter(({ isFaint }) => isFaint !== true)]) {
    ctx.globalAlpha = line.isFaint === true ? 0.22 : 1;
    const dash = dashes[line.look.dash]!.map((length) => length * plane.ratio);
    strokePath(ctx, plane, line.path, colourOf(line, colours), many ? 1 : 1.5 * plane.ratio, many ? [] : dash);
    if (line.dots !== undefined) paintDots(ctx, plane, line.dots, colourOf(line, colours), colours.page);
  }
  ctx.restore();
}

export function colourOf({ look }: Pick<ChartLine, 'look'>, { series }: ChartColours): string {
  return series[look.colour - 1]!;
}

interface Mapping {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export function mappingOf({ left, top, width, height, x, y, isLogX, isLogY }: Plane): Mapping {
  const across = scaleOf(x, isLogX);
  const up = scaleOf(y, isLogY);
  return { x: (value) => left + width * across(value), y: (value) => top + height * (1 - up(value)) };
}

function scaleOf({ from, to }: Extent, isLog: boolean): (value: number) => number {
  if (!isLog) {
    const scale = 1 / (to - from || 1);
    return (value) => (value - from) * scale;
  }
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const scale = 1 / (high - low || 1);
  return (value) => (value > 0 ? (Math.log10(value) - low) * scale : NaN);
}

function strokePath(ctx: CanvasRenderingContext2D, plane: Plane, path: Path, colour: string, width: number, dash: number[]): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  trace(plane, path, {
    begin: (x, y) => ctx.moveTo(x, y),
    go: (x, y) => ctx.lineTo(x, y),
  });
  ctx.stroke();
}

interface Pen {
  begin(x: number, y: number): void;
  go(x: number, y: number): void;
}

/** The path in the plane's pixels. Of points in the same column, the first, the extremes and the last are left. */
export function trace(plane: Plane, { x, y }: Path, { begin, go }: Pen): void {
  const map = mappingOf(plane);
  const [first, end] = indicesOf(x, plane.x);
  let column = NaN;
  let [low, high, last, isDown] = [0, 0, 0, false];
  for (let index = first; index < end; index++) {
    const [px, py] = [map.x(x[index]!), map.y(y[index]!)];
    if (!(Math.abs(px) < 1e7) || Number.isNaN(py)) {
      if (isDown) finish();
      isDown = false;
      column = NaN;
      continue;
    }
    const at = Math.round(px);
    if (at === column) {
      if (py < low) low = py;
      else if (py > high) high = py;
      last = py;
      continue;
    }
    if (isDown) {
      finish();
      go(px, py);
    } else begin(px, py);
    isDown = true;
    column = at;
    low = high = last = py;
  }
  if (isDown) finish();

  function finish() {
    if (low === high) return;
    go(column, low);
    go(column, high);
    go(column, last);
  }
}

function paintBand(ctx: CanvasRenderingContext2D, plane: Plane, { x, lower, upper }: Band, colour: string, alpha: number): void {
  const map = mappingOf(plane);
  const [first, end] = indicesOf(x, plane.x);
  const floor = plane.top + plane.height;
  const y = (value: number) => {
    const place = map.y(value);
    return Number.isNaN(place) ? floor : place;
  };
  ctx.globalAlpha = alpha;
  ctx.fillStyle = colour;
  ctx.beginPath();
  for (let index = first; index < end; index++) ctx.lineTo(map.x(x[index]!), y(upper[index]!));
  for (let index = end - 1; index >= first; index--) ctx.lineTo(map.x(x[index]!), y(lower[index]!));
  ctx.fill();
}

function paintDots(ctx: CanvasRenderingContext2D, plane: Plane, { x, y }: Path, colour: string, page: string): void {
  const map = mappingOf(plane);
  const [first, end] = indicesOf(x, plane.x);
  ctx.setLineDash([]);
  ctx.fillStyle = page;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * plane.ratio;
  for (let index = first; index < end; index++) {
    ctx.beginPath();
    ctx.arc(map.x(x[index]!), map.y(y[index]!), 3 * plane.ratio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}
