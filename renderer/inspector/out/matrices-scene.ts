/** A row of matrices as a figure: pixels of each, with axes, ticks, name, scale and limits as vectors. */
import { ticksOf } from '../../charts/axis.ts';
import { plainColour } from './colour.ts';
import type { Mark, Scene } from './scene.ts';

const margins = { left: 40, top: 22, bottom: 62 } as const;
const gap = 14;
const tick = 4;

/** @param frame what `matrices.svelte` draws into. */
export function matricesScene(frame: HTMLElement): Scene {
  const canvas = frame.querySelector('canvas')!;
  const panels = [...frame.querySelectorAll<HTMLElement>('[data-label]')];
  const [x = 0, y = 0, extent = 1] = (frame.dataset['part'] ?? '').split(',').map(Number);
  const { color } = getComputedStyle(frame);
  const colour = plainColour(color) ?? 'black';
  const side = panels[0]?.clientWidth ?? 0;
  const marks = panels.flatMap((panel, index) => {
    const left = index * (margins.left + side + gap) + margins.left;
    return drawPanel(panel, canvas, { left, side, colour, rows: { from: y, to: y + extent }, columns: { from: x, to: x + extent } });
  });
  return { width: panels.length * (margins.left + side + gap) - gap, height: margins.top + side + margins.bottom, marks };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Layout {
  readonly left: number;
  readonly side: number;
  readonly colour: string;
  readonly rows: Range;
  readonly columns: Range;
}

function drawPanel(panel: HTMLElement, canvas: HTMLCanvasElement, { left, side, colour, rows, columns }: Layout): Mark[] {
  const { label = '', limit = '', scale = '' } = panel.dataset;
  const { top } = margins;
  const bottom = top + side;
  const text = (content: string, x: number, y: number, anchor: 'start' | 'middle' | 'end' = 'start', size = 10, weight = 400): Mark => ({
    ...{ kind: 'text', x, y, text: content, size, weight, fill: colour, anchor },
  });
  const lines = [`M${left} ${top}h${side}v${side}h${-side}z`];
  const marks: Mark[] = [text(label, left, top - 8, 'start', 12, 600)];
  for (const value of ticksOf(columns, 4, { isWhole: true })) {
    const at = left + ((value - columns.from) / (columns.to - columns.from)) * side;
    lines.push(`M${at.toFixed(2)} ${bottom}v${tick}`);
    marks.push(text(String(value), at, bottom + 14, 'middle'));
  }
  for (const value of ticksOf(rows, 4, { isWhole: true })) {
    const at = top + ((value - rows.from) / (rows.to - rows.from)) * side;
    lines.push(`M${left} ${at.toFixed(2)}h${-tick}`);
    marks.push(text(String(value), left - 6, at + 3.5, 'end'));
  }
  const middle = left + side / 2;
  const rampAt = bottom + 42;
  return [
    { kind: 'picture', x: left, y: top, width: side, height: side, source: cut(canvas, panel) },
    { kind: 'path', d: lines.join(''), placing: [1, 0, 0, 1, 0, 0], fill: undefined, stroke: colour, strokeWidth: 0.8 },
    ...marks,
    text('post', middle, bottom + 28, 'middle'),
    text('pre', left - 36, top + 8),
    { kind: 'ramp', x: middle - 30, y: rampAt, width: 60, height: 8, colours: scale.split(';') },
    text(`\u2212${limit}`, middle - 36, rampAt + 8, 'end'),
    text(limit, middle + 36, rampAt + 8),
  ];
}

/** The panel's part of what is drawn for all of them. */
function cut(canvas: HTMLCanvasElement, panel: HTMLElement): HTMLCanvasElement {
  const ratio = canvas.width / canvas.clientWidth;
  const [at, side] = [Math.round(panel.offsetLeft * ratio), Math.round(panel.clientWidth * ratio)];
  const part = document.createElement('canvas');
  [part.width, part.height] = [side, canvas.height];
  part.getContext('2d')!.drawImage(canvas, at, 0, side, canvas.height, 0, 0, side, canvas.height);
  return part;
}
