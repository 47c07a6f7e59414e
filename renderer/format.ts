/** Numbers, times and sizes as people read them. */

/** Made once: making one takes a hundred times as long as using it. */
const times = {
  clock: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }),
  weekday: new Intl.DateTimeFormat('en', { weekday: 'short' }),
  day: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }),
  dayAndYear: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }),
  exact: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }),
};

const digits = new Map<number, Intl.NumberFormat>();

/** At most four significant digits: `0.2134`, `21.77`, `24,800`. */
export function formatNumber(value: number, significant = 4): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(significant - 1).replace('e+', 'e');
  if (size >= 10 ** significant) return Math.round(value).toLocaleString('en');
  let format = digits.get(significant);
  if (format === undefined) digits.set(significant, (format = new Intl.NumberFormat('en', { maximumSignificantDigits: significant })));
  return format.format(value);
}

/** A share: `0.612 %`. */
export function formatPercent(share: number, significant = 4): string {
  return `${formatNumber(100 * share, significant)} %`;
}

export function formatCount(value: number): string {
  return value.toLocaleString('en');
}

/** `24.8k`, `1.2M`: where little room is. */
export function formatShort(value: number): string {
  if (value < 10_000) return formatCount(value);
  return value < 1e6 ? `${trim(value / 1e3)}k` : `${trim(value / 1e6)}M`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${trim(bytes / 10 ** (3 * power))} ${units[power - 1]}`;
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10 && seconds > 0) return `${trim(seconds)} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return join(Math.floor(whole / 60), 'min', whole % 60, 's');
  if (whole < 86_400) return join(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
  return join(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h');
}

/** `just now`, `12 min ago`, `14:05`, `Mon 14:05`, `3 Nov`. */
export function formatTime(atMs: number, nowMs = Date.now()): string {
  const age = (nowMs - atMs) / 1000;
  const date = new Date(atMs);
  // A clock that moves now and then is a little behind.
  if (Math.abs(age) < 45) return 'just now';
  if (age >= 0 && age < 3600) return `${Math.max(1, Math.round(age / 60))} min ago`;
  const clock = times.clock.format(date);
  if (date.toDateString() === new Date(nowMs).toDateString()) return clock;
  if (age < 6 * 86_400) return `${times.weekday.format(date)} ${clock}`;
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? times.day : times.dayAndYear).format(date);
}

export function formatExactTime(atMs: number): string {
  return times.exact.format(atMs);
}

function trim(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0).replace(/\.0$/, '');
}

function join(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}
