/** The keyboard on a chart: arrows move the cursor from point to point, + and − zoom around it, 0 shows everything. */
import { firstFrom, type ChartLine, type Extent } from './lines.ts';

interface Standing {
  readonly cursor: number | null;
  readonly x: Extent;
  readonly lines: readonly ChartLine[];
}

const largeStep = 10;
const zoomStep = 1.5;

/** Undefined: the key means nothing here. */
export function cursorAfter(
  { key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent,
  { cursor, x, lines }: Standing,
): number | null | undefined {
  if (altKey || ctrlKey || metaKey) return undefined;
  if (key === 'Escape') return cursor === null ? undefined : null;
  const longest = lines.reduce<Float64Array | undefined>(
    (best, { path }) => (best === undefined || path.x.length > best.length ? path.x : best),
    undefined,
  );
  if (longest === undefined || longest.length === 0) return undefined;
  const [first, last] = [Math.min(firstFrom(longest, x.from), longest.length - 1), Math.max(0, firstFrom(longest, x.to * (1 + 1e-12)) - 1)];
  if (key === 'Home') return longest[first];
  if (key === 'End') return longest[last];
  const direction = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (direction === undefined) return undefined;
  if (cursor === null) return direction === 1 ? longest[first] : longest[last];
  const at = firstFrom(longest, cursor);
  const here = direction === -1 || longest[at] === cursor ? at : at - 1;
  const index = here + direction * (shiftKey ? largeStep : 1);
  return longest[Math.max(first, Math.min(last, index))];
}

/** Null: everything; undefined: the key means nothing here. */
export function rangeAfter({ key, ctrlKey, metaKey }: KeyboardEvent, { cursor, x }: Omit<Standing, 'lines'>): Extent | null | undefined {
  if (ctrlKey || metaKey) return undefined;
  if (key === '0') return null;
  const scale = { '+': 1 / zoomStep, '=': 1 / zoomStep, '-': zoomStep }[key];
  if (scale === undefined) return undefined;
  const centre = cursor ?? (x.from + x.to) / 2;
  return { from: centre - (centre - x.from) * scale, to: centre + (x.to - centre) * scale };
}
