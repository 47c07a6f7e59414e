/** What a chart draws, and how it is searched. */

/** Numbers along a growing axis; NaN is a gap. */
export interface Path {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** An area between two paths. */
export interface Band {
  readonly x: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface Look {
  /** 1 to 8: `--series-N`. */
  readonly colour: number;
  /** Lines that share a colour are told apart by it: 0 is solid. */
  readonly dash: number;
}

export interface ChartLine {
  readonly key: string;
  readonly label: string;
  readonly look: Look;
  readonly path: Path;
  /** Drawn faintly behind it: the values before they were smoothed. */
  readonly raw?: Path;
  readonly band?: Band;
  /** Not the one that is looked at. */
  readonly isFaint?: boolean;
  /** Single values, drawn as dots. */
  readonly dots?: Path;
}

export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** The index of the first place that is not below `value`; the length where all are. */
export function firstFrom(x: Float64Array, value: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The indices that are needed to draw a range: those in it, and a neighbour on each side. */
export function indicesOf(x: Float64Array, { from, to }: Extent): readonly [first: number, end: number] {
  return [Math.max(0, firstFrom(x, from) - 1), Math.min(x.length, firstFrom(x, to) + 1)];
}

/** Where the lines begin and end; undefined of nothing. */
export function extentOfX(lines: readonly ChartLine[]): Extent | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const { path, dots } of lines) {
    for (const { x } of dots === undefined ? [path] : [path, dots]) {
      if (x.length === 0) continue;
      from = Math.min(from, x[0]!);
      to = Math.max(to, x.at(-1)!);
    }
  }
  return from <= to ? { from, to } : undefined;
}

/** Single spikes further out than so many times what most values span are cut, unless somebody wants to see them. */
const spikes = 1.2;
const most = 0.99;

/**
 * The least and the largest value that is seen in the range; of positive ones only, where the axis is logarithmic. Without `all`, spikes far away from
 * where the lines mostly are do not count; a band without a line is no spike, but what lines are held against.
 */
export function extentOfY(lines: readonly ChartLine[], range: Extent, isLog: boolean, all: boolean): Extent | undefined {
  let [from, to] = [Infinity, -Infinity];
  const seen: number[] = [];
  const take = (x: Float64Array, y: Float64Array, counts = false) => {
    const [first, end] = [firstFrom(x, range.from), Math.min(x.length, firstFrom(x, range.to) + 1)];
    for (let index = first; index < end; index++) {
      const value = y[index]!;
      if (isLog && value <= 0) continue;
      if (value < from) from = value;
      if (value > to) to = value;
      if (counts && !Number.isNaN(value)) seen.push(value);
    }
  };
  for (const { path, raw, band, dots, isFaint } of lines) {
    take(path.x, path.y, isFaint !== true);
    if (raw !== undefined) take(raw.x, raw.y);
    if (dots !== undefined) take(dots.x, dots.y);
    if (band === undefined) continue;
    take(band.x, band.lower);
    take(band.x, band.upper);
  }
  if (!(from <= to)) return undefined;
  if (all || isLog || seen.length === 0) return { from, to };
  const cut = withoutSpikes({ from, to }, Float64Array.from(seen).sort());
  const goals = lines.filter(({ path, band }) => path.x.length === 0 && band !== undefined);
  const kept = extentOfY(goals, range, isLog, true) ?? cut;
  return { from: Math.min(cut.from, kept.from), to: Math.max(cut.to, kept.to) };
}

function withoutSpikes({ from, to }: Extent, sorted: Float64Array): Extent {
  const high = sorted[Math.ceil(most * (sorted.length - 1))]!;
  const low = sorted[Math.floor((1 - most) * (sorted.length - 1))]!;
  const room = spikes * (high - low);
  return room > 0 ? { from: Math.max(from, low - room), to: Math.min(to, high + room) } : { from, to };
}
