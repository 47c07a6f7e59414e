/** The parts of which generated characters are made: lines, arcs, loops, hooks and waves, about 1 long. */
import type { Random } from '../random.ts';
import type { Point, Stroke } from './strokes.ts';

/** A walk: each step turns, then goes on. */
export interface Shape {
  /** In radians; 0 is to the right, a right angle downwards. */
  readonly direction: number;
  /** Before each step, in radians. */
  readonly turns: readonly number[];
  /** Of each step. */
  readonly stride: number;
}

const { PI } = Math;

export function inventShape(random: Random): Shape {
  const kind = random.uniform();
  const side = random.uniform() < 0.5 ? 1 : -1;
  // Writers begin most strokes to the right, downwards or between; upright and level lines are the commonest.
  const direction = (random.integer(-1, 3) * PI) / 4 + 0.1 * random.normal();
  if (kind < 0.3) return { direction, turns: [0, 0], stride: 0.5 };
  if (kind < 0.6) return arc(direction, side * PI * (0.5 + random.uniform()), 6, 0.2);
  if (kind < 0.72) return arc(direction, side * PI * (1.9 + 0.3 * random.uniform()), 9, 0.16);
  if (kind < 0.86) return hook(direction, side * PI * (0.5 + 0.5 * random.uniform()));
  return wave(direction, side * (0.9 + 0.5 * random.uniform()), random.integer(3, 5));
}

function arc(direction: number, angle: number, steps: number, stride: number): Shape {
  return { direction, turns: Array.from({ length: steps }, (_, step) => (step === 0 ? 0 : angle / (steps - 1))), stride };
}

/** Straight, with a bent end. */
function hook(direction: number, angle: number): Shape {
  return { direction, turns: [0, 0, 0, 0, angle / 3, angle / 3, angle / 3], stride: 0.17 };
}

/** To one side and to the other. */
function wave(direction: number, angle: number, steps: number): Shape {
  return {
    direction,
    turns: Array.from({ length: steps }, (_, step) => (step === 0 ? angle / 2 : step % 2 === 1 ? -angle : angle)),
    stride: 1 / steps,
  };
}

/** One stroke from the origin through all shapes, one after the other. */
export function joinEnds(shapes: readonly Shape[], size: number): Stroke {
  let point: Point = { x: 0, y: 0 };
  const points = [point];
  for (const { direction, turns, stride } of shapes) {
    let heading = direction;
    for (const turn of turns) {
      heading += turn;
      point = { x: point.x + size * stride * Math.cos(heading), y: point.y + size * stride * Math.sin(heading) };
      points.push(point);
    }
  }
  return points;
}
