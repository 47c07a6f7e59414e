/** Median, mean and quartiles of several lines, place by place. */
import { spreadOf } from '../runs/spread.ts';
import { extentOfX, type ChartLine, type Path } from './lines.ts';

export interface PathSpread {
  readonly x: Float64Array;
  readonly median: Float64Array;
  readonly mean: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** How many lines reach there. */
  readonly n: Uint32Array;
}

const gridPoints = 500;

/** Where the lines have the same places, these; else evenly spread ones, with the values between two points of a line on the straight between them. */
export function spreadPaths(paths: readonly Path[]): PathSpread {
  const filled = paths.filter(({ x }) => x.length > 0);
  const x = sharedPlaces(filled) ?? evenPlaces(filled);
  const reads = filled.map(createReader);
  const empty = () => new Float64Array(x.length);
  const spread = { x, median: empty(), mean: empty(), lower: empty(), upper: empty(), n: new Uint32Array(x.length) };
  for (let index = 0; index < x.length; index++) {
    const values = reads.map((read) => read(x[index]!)).filter((value) => !Number.isNaN(value));
    const at = spreadOf(values);
    spread.n[index] = values.length;
    spread.median[index] = at?.median ?? NaN;
    spread.lower[index] = at?.lower ?? NaN;
    spread.upper[index] = at?.upper ?? NaN;
    spread.mean[index] = values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return spread;
}

function sharedPlaces(paths: readonly Path[]): Float64Array | undefined {
  const first = paths[0]?.x;
  return first !== undefined && paths.every(({ x }) => x.length === first.length && x.every((place, index) => place === first[index]))
    ? first
    : undefined;
}

function evenPlaces(paths: readonly Path[]): Float64Array {
  const lines = paths.map((path): ChartLine => ({ key: '', label: '', look: { colour: 1, dash: 0 }, path }));
  const extent = extentOfX(lines);
  if (extent === undefined) return new Float64Array();
  const step = (extent.to - extent.from) / (gridPoints - 1);
  return Float64Array.from({ length: gridPoints }, (_, index) => extent.from + index * step);
}

/** To be asked for growing places; NaN before the line begins and behind its end. */
function createReader({ x, y }: Path): (place: number) => number {
  let at = 0;
  return (place) => {
    while (at < x.length && x[at]! < place) at++;
    if (x[at] === place) return y[at]!;
    if (at === 0 || at === x.length) return NaN;
    const [left, right] = [x[at - 1]!, x[at]!];
    return y[at - 1]! + ((place - left) / (right - left)) * (y[at]! - y[at - 1]!);
  };
}
