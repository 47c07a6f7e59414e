/** Axes: where their marks stand, what these say, and how much room is left above and below the lines. */
import type { CurveAxis } from '../../core/contract/api/curves.ts';
import { formatBytes, formatNumber, formatPercent, formatShort } from '../format.ts';
import type { Extent } from './lines.ts';

const steps = [1, 2, 2.5, 5, 10];
const secondSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Round numbers in the range, at most about `count` of them. */
export function ticksOf({ from, to }: Extent, count: number, { isLog = false, isTime = false, isWhole = false } = {}): number[] {
  if (!(to > from)) return [from];
  if (isLog && from > 0) {
    const decades = decadeTicks(from, to, count);
    if (decades.length >= 2) return decades;
  }
  let step = stepOf((to - from) / count, isTime);
  if (isWhole) step = Math.max(1, Math.round(step));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function stepOf(wanted: number, isTime: boolean): number {
  const time = isTime ? secondSteps.find((step) => step >= wanted) : undefined;
  if (time !== undefined && wanted > 0.5) return time;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * (steps.find((step) => step * power >= wanted * 0.999) ?? 10);
}

function decadeTicks(from: number, to: number, count: number): number[] {
  const [low, high] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const leads = high - low <= 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((high - low) / count));
  const ticks: number[] = [];
  for (let power = low; power <= high; power++) {
    if ((power - low) % every !== 0) continue;
    for (const lead of leads) ticks.push(Number((lead * 10 ** power).toPrecision(12)));
  }
  return ticks.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
}

/** With a little room, so that no line runs along the frame. */
export function padded({ from, to }: Extent, isLog: boolean): Extent {
  if (isLog) {
    const room = to > from ? (to / from) ** 0.04 : 1.5;
    return { from: from / room, to: to * room };
  }
  const room = to > from ? 0.05 * (to - from) : Math.abs(to) * 0.1 || 1;
  // Of what is never negative, nothing below zero is shown.
  return { from: from >= 0 ? Math.max(0, from - room) : from - room, to: to + room };
}

export const axisTitles: Readonly<Record<CurveAxis, string>> = { iteration: 'iterations', episodes: 'episodes', seconds: 'training time' };

export function formatTick(value: number, along: CurveAxis): string {
  return along === 'seconds' ? formatSeconds(value) : formatShort(value);
}

/** A place on the axis, in full. */
export function formatPlace(value: number, along: CurveAxis): string {
  if (along === 'seconds') return formatSeconds(value, 1);
  return `${along === 'episodes' ? 'episode' : 'iteration'} ${Math.round(value).toLocaleString('en')}`;
}

export function formatValue(value: number, unit: 'number' | 'percent' | 'bytes' = 'number'): string {
  if (unit === 'percent') return formatPercent(value);
  return unit === 'bytes' ? formatBytes(value) : formatNumber(value);
}

/** `45 s`, `2:30 min`, `1:05:00 h`. */
function formatSeconds(seconds: number, digits = 0): string {
  if (seconds < 60) return `${Number(seconds.toFixed(seconds < 10 ? Math.max(1, digits) : digits))} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return rest === 0 ? `${hours}:${two(minutes)} h` : `${hours}:${two(minutes)}:${two(rest)} h`;
  return rest === 0 ? `${minutes} min` : `${minutes}:${two(rest)} min`;
}
