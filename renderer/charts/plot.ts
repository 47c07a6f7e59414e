/** One plot on the page: uPlot makes frame, axes and the drag; the lines are ours, each along places of its own. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { CurveAxis } from '../../core/contract/api/curves.ts';
import { formatTick, ticksOf } from './axis.ts';
import type { ChartLine, Extent } from './lines.ts';
import { paintLines, type Plane } from './paint.ts';
import { readColours } from './theme-colours.ts';

export interface PlotView {
  readonly lines: readonly ChartLine[];
  readonly x: Extent;
  readonly y: Extent;
  readonly along: CurveAxis;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  readonly formatY: (value: number) => string;
}

export interface PlotHandlers {
  /** The pointer is over this place of the axis; null: it has left. */
  point(place: number | null): void;
  zoom(range: Extent): void;
  pan(range: Extent): void;
  reset(): void;
}

export interface Plot {
  /** Draws at the next frame. */
  show(view: PlotView): void;
  setCursor(place: number | null): void;
  resize(width: number, height: number): void;
  retint(): void;
  destroy(): void;
}

const axisWidth = 54;
const pixelsATick = { x: 92, y: 40 };
const font = '11px "Inter Variable", system-ui, sans-serif';
const leastZoomPixels = 4;

export function createPlot(element: HTMLElement, first: PlotView, handlers: PlotHandlers): Plot {
  let view = first;
  let colours = readColours();
  let frame = 0;
  let isPointed = false;
  let plot = make();

  function make(): uPlot {
    const { width, height } = element.getBoundingClientRect();
    const { isLogX, isLogY } = view;
    const axis = {
      stroke: () => colours.quiet,
      font,
      ticks: { show: false },
      border: { show: false },
      grid: { stroke: () => colours.grid, width: 1 },
    };
    const options: uPlot.Options = {
      width: Math.max(1, width),
      height: Math.max(1, height),
      padding: [8, 10, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: leastZoomPixels },
        bind: {
          dblclick: () => () => (handlers.reset(), null),
          mousedown: (_u, _target, handler) => (event) => (event.shiftKey ? null : handler(event)),
        },
      },
      scales: {
        x: scaleOf(isLogX),
        y: scaleOf(isLogY),
      },
      axes: [
        {
          ...axis,
          size: 26,
          gap: 4,
          splits: (u, _axis, from, to) =>
            ticksOf({ from, to }, Math.max(2, u.bbox.width / devicePixelRatio / pixelsATick.x), {
              isLog: isLogX,
              isTime: view.along === 'seconds',
              isWhole: view.along !== 'seconds',
            }),
          values: (_u, splits) => splits.map((value) => formatTick(value, view.along)),
          filter: (_u, splits) => splits,
        },
        {
          ...axis,
          size: axisWidth,
          gap: 6,
          splits: (u, _axis, from, to) =>
            ticksOf({ from, to }, Math.max(2, u.bbox.height / devicePixelRatio / pixelsATick.y), { isLog: isLogY }),
          values: (_u, splits) => splits.map((value) => view.formatY(value)),
          filter: (_u, splits) => splits,
        },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: {
        draw: [(u) => paintLines(u.ctx, planeOf(u), view.lines, colours)],
        setCursor: [
          (u) => {
            const { left = -10 } = u.cursor;
            if (isPointed) handlers.point(left < 0 ? null : u.posToVal(left, 'x'));
          },
        ],
        setSelect: [
          (u) => {
            const { left, width: wide } = u.select;
            if (wide >= leastZoomPixels) handlers.zoom({ from: u.posToVal(left, 'x'), to: u.posToVal(left + wide, 'x') });
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    };
    const made = new uPlot(options, dataOf(view), element);
    setScales(made);
    listen(made);
    return made;
  }

  function planeOf(u: uPlot): Plane {
    const { left, top, width, height } = u.bbox;
    return { left, top, width, height, x: view.x, y: view.y, isLogX: view.isLogX, isLogY: view.isLogY, ratio: devicePixelRatio };
  }

  function setScales(u: uPlot): void {
    u.batch(() => {
      u.setScale('x', { min: view.x.from, max: view.x.to });
      u.setScale('y', { min: view.y.from, max: view.y.to });
    });
  }

  function listen({ over }: uPlot): void {
    over.addEventListener('pointerenter', () => (isPointed = true));
    over.addEventListener('pointerleave', () => {
      isPointed = false;
      handlers.point(null);
    });
    over.addEventListener('wheel', onWheel, { passive: false });
    over.addEventListener('pointerdown', onPan);
  }

  /** With Control or a pinch: zooms where the pointer is. Sideways: goes along the axis. */
  function onWheel(event: WheelEvent): void {
    const isZoom = event.ctrlKey || event.metaKey;
    const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
    if (!isZoom && Math.abs(sideways) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return;
    event.preventDefault();
    const span = view.x.to - view.x.from;
    if (!isZoom) {
      const by = (sideways / plot.over.clientWidth) * span;
      handlers.pan({ from: view.x.from + by, to: view.x.to + by });
      return;
    }
    const place = plot.posToVal(event.offsetX, 'x');
    const scale = 1.002 ** Math.max(-200, Math.min(200, event.deltaY));
    handlers.pan({ from: place - (place - view.x.from) * scale, to: place + (view.x.to - place) * scale });
  }

  /** With Shift: the plot is drawn along. */
  function onPan(event: PointerEvent): void {
    if (!event.shiftKey || event.button !== 0) return;
    const { over } = plot;
    const start = { at: event.clientX, ...view.x };
    over.setPointerCapture(event.pointerId);
    const move = ({ clientX }: PointerEvent) => {
      const by = ((start.at - clientX) / over.clientWidth) * (start.to - start.from);
      handlers.pan({ from: start.from + by, to: start.to + by });
    };
    over.addEventListener('pointermove', move);
    over.addEventListener('pointerup', () => over.removeEventListener('pointermove', move), { once: true });
  }

  return {
    show(next) {
      const isOther = next.isLogX !== view.isLogX || next.isLogY !== view.isLogY;
      view = next;
      if (isOther) {
        plot.destroy();
        plot = make();
        return;
      }
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        setScales(plot);
      });
    },
    setCursor(place) {
      if (isPointed) return;
      const left = place === null ? -10 : plot.valToPos(place, 'x');
      plot.setCursor({ left: left < 0 || left > plot.over.clientWidth ? -10 : left, top: place === null ? -10 : 0 }, false);
    },
    resize: (width, height) => plot.setSize({ width: Math.max(1, width), height: Math.max(1, height) }),
    retint() {
      colours = readColours();
      plot.redraw(false, true);
    },
    destroy() {
      cancelAnimationFrame(frame);
      plot.destroy();
    },
  };
}

/** Shows just what it is told to. uPlot's numbers for a logarithmic scale, 3, and a linear one, 1, are an enum in its types alone. */
function scaleOf(isLog: boolean): uPlot.Scale {
  const range: uPlot.Range.Function = (_plot, from, to) => [from, to];
  const scale: Readonly<Record<string, unknown>> = { time: false, range, distr: isLog ? 3 : 1 };
  return scale;
}

/** uPlot knows nothing of the lines; it wants two points for its scales. */
function dataOf({ x, y }: PlotView): uPlot.AlignedData {
  return [
    [x.from, x.to],
    [y.from, y.to],
  ];
}
