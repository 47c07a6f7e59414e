/** Numbers, sizes, times and ranges as people type them into the filter. */
import type { ColumnKind } from '../columns.ts';

/** Both ends belong to it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const factors: Partial<Record<ColumnKind, Readonly<Record<string, number>>>> = {
  bytes: { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
  seconds: { s: 1, sec: 1, min: 60, m: 60, h: 3600, d: 86_400 },
  count: { k: 1e3, m: 1e6 },
  number: { k: 1e3 },
};

const dayMs = 86_400_000;

/** `20`, `1e-4`, `0.6%`, `40k`, `100MB`, `5min`; undefined where it is none. */
export function readNumber(text: string, kind: ColumnKind): number | undefined {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]*|%)$/i.exec(text.replaceAll('−', '-'));
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  if (unit === '%') return kind === 'number' ? Number(digits) / 100 : undefined;
  const factor = unit === '' ? 1 : factors[kind]?.[unit.toLowerCase()];
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** `3`, `1..3`, `20..`, `..5`; a single number is a range of one. */
export function readRange(text: string, kind: ColumnKind): Range | undefined {
  const dots = text.indexOf('..');
  if (dots < 0) {
    const value = readNumber(text, kind);
    return value === undefined ? undefined : { from: value, to: value };
  }
  const [first, last] = [text.slice(0, dots), text.slice(dots + 2)];
  const from = first === '' ? -Infinity : readNumber(first, kind);
  const to = last === '' ? Infinity : readNumber(last, kind);
  return from === undefined || to === undefined || (first === '' && last === '') ? undefined : { from, to };
}

/** `today`, `yesterday`, `3d` (the last three days), `2h`, `2026-11-20`, `2026-11`, `2026-11-20..2026-11-24`. */
export function readTimes(text: string, nowMs: number): Range | undefined {
  const midnight = new Date(nowMs).setHours(0, 0, 0, 0);
  if (text === 'today') return { from: midnight, to: Infinity };
  if (text === 'yesterday') return { from: new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0), to: midnight - 1 };
  const dots = text.indexOf('..');
  if (dots >= 0) {
    const from = text.slice(0, dots) === '' ? { from: -Infinity } : readDate(text.slice(0, dots));
    const to = text.slice(dots + 2) === '' ? { to: Infinity } : readDate(text.slice(dots + 2));
    return from === undefined || to === undefined ? undefined : { from: from.from, to: to.to };
  }
  const age = /^(\d+)(min|h|d|w)$/.exec(text);
  if (age !== null) {
    const unitMs = { min: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs }[age[2]!]!;
    return { from: nowMs - Number(age[1]) * unitMs, to: Infinity };
  }
  return readDate(text);
}

/** A day or a month, in local time. */
function readDate(text: string): Range | undefined {
  const match = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]) - 1, match[3] === undefined ? undefined : Number(match[3])];
  const from = new Date(year, month, day ?? 1);
  const isThere = from.getMonth() === month && (day === undefined || from.getDate() === day);
  const next = day === undefined ? new Date(year, month + 1, 1) : new Date(year, month, day + 1);
  return isThere ? { from: from.getTime(), to: next.getTime() - 1 } : undefined;
}
