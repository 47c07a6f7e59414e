/** What a part of the page shows, as marks: its texts, grounds and lines, drawings as vectors, and pixels where there are only pixels. */
import { formatNumber } from '../../format.ts';
import { currentDiverging } from '../diverging.ts';
import { plainColour } from './colour.ts';
import { matricesScene } from './matrices-scene.ts';
import type { Mark, Placing, Scene } from './scene.ts';

/** Buttons and fields are for the hand. */
const left = '[data-look], input, .menu-trigger, [data-no-picture]';

export function readScene(root: HTMLElement): Scene {
  if (root.matches('[data-matrices]')) return matricesScene(root);
  const { left: x, top: y, width, height } = root.getBoundingClientRect();
  const marks: Mark[] = [];
  readElement(root, { x, y }, marks);
  const legend = legendOf(root, height);
  return { width, height: height + (legend.length === 0 ? 0 : legendRow), marks: [...marks, ...legend] };
}

const legendRow = 22;
const legendColumn = 150;

/** What the colours of its pictures mean: each kind and reach once. */
function legendOf(root: HTMLElement, top: number): Mark[] {
  const pictures = [...root.querySelectorAll<HTMLElement>('[data-reach]')].filter(({ clientHeight }) => clientHeight > 0);
  const kinds = new Set(pictures.map(({ dataset: { reach, shades } }) => `${shades} ${formatNumber(Number(reach), 3)}`));
  const { negative, zero, positive } = currentDiverging();
  const style = getComputedStyle(root);
  return [...kinds].slice(0, 6).flatMap((kind, index) => {
    const [shades, reach] = kind.split(' ') as [string, string];
    const colours = shades === 'grey' ? ['black', 'white'] : [negative, zero, positive].map((parts) => `rgb(${parts.join(', ')})`);
    const x = index * legendColumn;
    const marks: Mark[] = [{ kind: 'ramp', x: x + 46, y: top + 10, width: 48, height: 8, colours }];
    const fill = plainColour(style.color) ?? 'black';
    const text = { kind: 'text', y: top + 18, size: 10, weight: 400, fill } as const;
    return [...marks, { ...text, x: x + 42, text: `\u2212${reach}`, anchor: 'end' }, { ...text, x: x + 98, text: reach }];
  });
}

interface Origin {
  readonly x: number;
  readonly y: number;
}

function readElement(element: Element, origin: Origin, marks: Mark[]): void {
  if (element.matches(left)) return;
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden') return;
  if (element instanceof SVGSVGElement) {
    readGround(element, style, origin, marks);
    for (const shape of element.querySelectorAll<SVGGeometryElement>('path, line, rect, circle, polyline')) readShape(shape, origin, marks);
    for (const label of element.querySelectorAll('text')) readLabel(label, origin, marks);
    return;
  }
  readGround(element, style, origin, marks);
  if (element instanceof HTMLCanvasElement) {
    marks.push({ kind: 'picture', ...areaOf(element, origin), source: element });
    return;
  }
  if (element instanceof HTMLSelectElement) {
    const { x, y, height } = areaOf(element, origin);
    putText(element.selectedOptions[0]?.label ?? '', x, y + height / 2 + 4, style, marks);
    return;
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) readElement(child, origin, marks);
    else if (child instanceof Text) readText(child, style, origin, marks);
  }
}

function areaOf(element: Element, origin: Origin) {
  const { left: x, top: y, width, height } = element.getBoundingClientRect();
  return { x: x - origin.x, y: y - origin.y, width, height };
}

function readGround(element: Element, style: CSSStyleDeclaration, origin: Origin, marks: Mark[]): void {
  const area = areaOf(element, origin);
  if (area.width === 0 || area.height === 0) return;
  const fill = plainColour(style.backgroundColor);
  if (fill !== undefined) marks.push({ kind: 'box', ...area, fill, radius: Number.parseFloat(style.borderTopLeftRadius) || 0 });
  const ramp = /^linear-gradient\(to right, (.*)\)$/.exec(style.backgroundImage)?.[1];
  if (ramp !== undefined) {
    const colours = [...ramp.matchAll(/\w+\([^()]*\)/g)].map(([colour]) => plainColour(colour) ?? 'transparent');
    marks.push({ kind: 'ramp', ...area, colours });
  }
  const edge = plainColour(style.borderTopColor);
  const stroke = Number.parseFloat(style.borderTopWidth);
  if (style.borderTopLeftRadius === '50%' && stroke > 0 && edge !== undefined) {
    const r = (area.width - stroke) / 2;
    const d = circle(area.x + area.width / 2, area.y + area.height / 2, r);
    marks.push({ kind: 'path', d, placing: [1, 0, 0, 1, 0, 0], fill: undefined, stroke: edge, strokeWidth: stroke });
    return;
  }
  for (const side of ['Top', 'Right', 'Bottom', 'Left'] as const) {
    const thick = Number.parseFloat(style[`border${side}Width`]);
    const line = style[`border${side}Style`] === 'none' ? undefined : plainColour(style[`border${side}Color`]);
    if (!(thick > 0) || line === undefined) continue;
    const isFlat = side === 'Top' || side === 'Bottom';
    marks.push({
      kind: 'box',
      x: side === 'Right' ? area.x + area.width - thick : area.x,
      y: side === 'Bottom' ? area.y + area.height - thick : area.y,
      width: isFlat ? area.width : thick,
      height: isFlat ? thick : area.height,
      fill: line,
    });
  }
}

/** Each of its lines where it stands. */
function readText(node: Text, style: CSSStyleDeclaration, origin: Origin, marks: Mark[]): void {
  const range = document.createRange();
  const lines: { text: string; readonly left: number; readonly top: number; readonly height: number }[] = [];
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const { left: x, top, width, height } = range.getBoundingClientRect();
    if (width === 0) continue;
    const last = lines.at(-1);
    if (last !== undefined && Math.abs(last.top - top) < 2) last.text += ` ${word}`;
    else lines.push({ text: word, left: x, top, height });
  }
  for (const { text, left: x, top, height } of lines) {
    const size = Number.parseFloat(style.fontSize);
    // The box of a line of text is its ascent and descent, which for these fonts are about 0.97 and 0.24 of the size.
    putText(text, x - origin.x, top - origin.y + height / 2 + 0.365 * size, style, marks);
  }
}

function putText(text: string, x: number, y: number, style: CSSStyleDeclaration, marks: Mark[]): void {
  const fill = plainColour(style.color);
  if (text === '' || fill === undefined) return;
  marks.push({ kind: 'text', x, y, text, size: Number.parseFloat(style.fontSize), weight: Number(style.fontWeight) || 400, fill });
}

/** A text within a drawing. */
function readLabel(label: SVGTextElement, origin: Origin, marks: Mark[]): void {
  const style = getComputedStyle(label);
  const fill = plainColour(style.fill);
  const { x, y, height } = areaOf(label, origin);
  const text = label.textContent.trim();
  const size = Number.parseFloat(style.fontSize);
  if (text === '' || fill === undefined || style.display === 'none') return;
  marks.push({ kind: 'text', x, y: y + height / 2 + 0.365 * size, text, size, weight: Number(style.fontWeight) || 400, fill });
}

function readShape(shape: SVGGeometryElement, origin: Origin, marks: Mark[]): void {
  const style = getComputedStyle(shape);
  const matrix = shape.getScreenCTM();
  const d = pathOf(shape);
  if (matrix === null || d === '' || style.display === 'none') return;
  const placing: Placing = [matrix.a, matrix.b, matrix.c, matrix.d, matrix.e - origin.x, matrix.f - origin.y];
  const scale = style.vectorEffect === 'non-scaling-stroke' ? 1 : Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c));
  const isLine = shape.tagName === 'line';
  const opacity = Number(style.opacity);
  const stroke = plainColour(style.stroke, opacity * Number(style.strokeOpacity));
  const fill = isLine ? undefined : plainColour(style.fill, opacity * Number(style.fillOpacity));
  if (stroke !== undefined || fill !== undefined)
    marks.push({ kind: 'path', d, placing, fill, stroke, strokeWidth: scale * Number.parseFloat(style.strokeWidth) });
}

function circle(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

function pathOf(shape: SVGGeometryElement): string {
  const of = (name: string) => (shape as unknown as Record<string, SVGAnimatedLength>)[name]!.baseVal.value;
  switch (shape.tagName) {
    case 'path':
      return shape.getAttribute('d') ?? '';
    case 'line':
      return `M${of('x1')} ${of('y1')}L${of('x2')} ${of('y2')}`;
    case 'rect':
      return `M${of('x')} ${of('y')}h${of('width')}v${of('height')}h${-of('width')}z`;
    case 'circle':
      return circle(of('cx'), of('cy'), of('r'));
    default:
      return `M${shape.getAttribute('points') ?? ''}`;
  }
}
