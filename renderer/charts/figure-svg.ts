/** A chart as a drawing for a paper: on white, with its axes named, and every line that has a name in the legend. */
import type { CurveAxis } from '../../core/contract/api/curves.ts';
import { axisTitles, formatTick, ticksOf } from './axis.ts';
import { dashes } from './colours.ts';
import { indicesOf, type ChartLine, type Extent } from './lines.ts';
import { colourOf, mappingOf, trace, type Plane } from './paint.ts';
import { readColours, type ChartColours } from './theme-colours.ts';

export interface Figure {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly x: Extent;
  readonly y: Extent;
  readonly along: CurveAxis;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  readonly format: (value: number) => string;
}

const figureSize = { width: 720, height: 420 } as const;

const margins = { left: 64, right: 16, top: 34, bottom: 44 } as const;
const legendRow = 16;
const legendColumns = 2;
/** More lines than that have no legend: nobody could read it. */
const mostInLegend = 24;

export function drawFigure(figure: Figure): string {
  const colours = readColours('light');
  // Members of a group have no name of their own.
  const named = figure.lines.filter(({ label }) => label !== '');
  const shown = named.length > 1 && named.length <= mostInLegend ? named : [];
  const legendHeight = Math.ceil(shown.length / legendColumns) * legendRow + (shown.length > 0 ? 10 : 0);
  const { width } = figureSize;
  const height = figureSize.height + legendHeight;
  const { x, y, isLogX, isLogY } = figure;
  const plane: Plane = {
    ...{ left: margins.left, top: margins.top, x, y, isLogX, isLogY, ratio: 1 },
    width: width - margins.left - margins.right,
    height: figureSize.height - margins.top - margins.bottom,
  };
  const { left, top } = plane;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<clipPath id="plot"><rect x="${left}" y="${top}" width="${plane.width}" height="${plane.height}"/></clipPath>`,
    `<text x="${left}" y="20" font-size="13" font-weight="600" fill="${colours.text}">${escape(figure.title)}</text>`,
    ...axes(figure, plane, colours),
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    ...figure.lines.flatMap((line) => drawLine(line, plane, colours)),
    '</g>',
    ...shown.map((line, index) => drawEntry(line, index, plane, colours)),
    '</svg>',
  ].join('\n');
}

function axes({ along, format }: Figure, plane: Plane, { grid, quiet }: ChartColours): string[] {
  const { left, top, width, height, x, y, isLogX, isLogY } = plane;
  const map = mappingOf(plane);
  const bottom = top + height;
  const xTicks = ticksOf(x, 7, { isLog: isLogX, isTime: along === 'seconds', isWhole: along !== 'seconds' });
  const yTicks = ticksOf(y, 7, { isLog: isLogY });
  return [
    ...xTicks.map((tick) => {
      const at = round(map.x(tick));
      return `<path d="M${at} ${top}V${bottom}" stroke="${grid}"/><text x="${at}" y="${bottom + 16}" text-anchor="middle" fill="${quiet}">${formatTick(tick, along)}</text>`;
    }),
    ...yTicks.map((tick) => {
      const at = round(map.y(tick));
      return `<path d="M${left} ${at}H${left + width}" stroke="${grid}"/><text x="${left - 8}" y="${at + 4}" text-anchor="end" fill="${quiet}">${format(tick)}</text>`;
    }),
    `<text x="${left + width / 2}" y="${bottom + 34}" text-anchor="middle" fill="${quiet}">${axisTitles[along]}</text>`,
  ];
}

function drawLine(line: ChartLine, plane: Plane, colours: ChartColours): string[] {
  const colour = colourOf(line, colours);
  const stroke = (path: string, opacity: number, width: number, dash = '') =>
    `<path d="${path}" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`;
  const parts: string[] = [];
  if (line.band !== undefined) parts.push(`<path d="${bandPath(line, plane)}" fill="${colour}" fill-opacity="0.16" stroke="none"/>`);
  if (line.raw !== undefined) parts.push(stroke(pathOf(plane, line.raw), 0.28, 1));
  parts.push(stroke(pathOf(plane, line.path), line.isFaint === true ? 0.25 : 1, 1.5, dashes[line.look.dash]!.join(' ')));
  if (line.dots !== undefined) {
    const map = mappingOf(plane);
    const { x, y } = line.dots;
    x.forEach((place, index) =>
      parts.push(
        `<circle cx="${round(map.x(place))}" cy="${round(map.y(y[index]!))}" r="3" fill="#fff" stroke="${colour}" stroke-width="1.5"/>`,
      ),
    );
  }
  return parts;
}

function pathOf(plane: Plane, path: ChartLine['path']): string {
  let text = '';
  trace(plane, path, {
    begin: (x, y) => (text += `M${round(x)} ${round(y)}`),
    go: (x, y) => (text += `L${round(x)} ${round(y)}`),
  });
  return text;
}

function bandPath({ band }: ChartLine, plane: Plane): string {
  const { x, lower, upper } = band!;
  const map = mappingOf(plane);
  const floor = plane.top + plane.height;
  const [first, end] = indicesOf(x, plane.x);
  const places: string[] = [];
  const put = (index: number, values: Float64Array) => {
    const at = map.y(values[index]!);
    places.push(`${round(map.x(x[index]!))} ${round(Number.isNaN(at) ? floor : at)}`);
  };
  for (let index = first; index < end; index++) put(index, upper);
  for (let index = end - 1; index >= first; index--) put(index, lower);
  return places.length === 0 ? '' : `M${places.join('L')}Z`;
}

function drawEntry(line: ChartLine, index: number, { left, width }: Plane, colours: ChartColours): string {
  const x = left + (index % legendColumns) * (width / legendColumns);
  const y = figureSize.height + 4 + Math.floor(index / legendColumns) * legendRow;
  const dash = dashes[line.look.dash]!.join(' ');
  return `<path d="M${x} ${y}h18" stroke="${colourOf(line, colours)}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${x + 24}" y="${y + 4}" fill="${colours.text}">${escape(line.label)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
