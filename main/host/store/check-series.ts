/** Checks series.db, which may be large, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { SeriesDatabase } from './database-types.ts';

const entry = fileURLToPath(new URL('check-series-entry.ts', import.meta.url));
const dayMs = 24 * 60 * 60 * 1000;

/** What is wrong with it; undefined when nothing is, or when `signal` ended the check. */
export async function findSeriesDamage({ path }: SeriesDatabase, signal: AbortSignal): Promise<string | undefined> {
  const child = spawn(process.execPath, [entry, path], { stdio: ['ignore', 'pipe', 'inherit'], windowsHide: true });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  try {
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
    if (signal.aborted || (code === 0 && said === '')) return undefined;
    if (code !== 0) throw new Error(`the check of series.db ended with ${code === null ? 'a signal' : `code ${code}`}`);
    return said;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** Whether a day has gone by since the database was checked; a clock that jumped back makes no difference. */
export function isSeriesCheckDue(series: SeriesDatabase, nowMs = Date.now()): boolean {
  const [[day]] = series.queryOnce('PRAGMA user_version', []) as [[number]];
  return day !== today(nowMs);
}

/** The day is kept in the file's own number for its users, which nothing else here uses. */
export function noteSeriesCheck(series: SeriesDatabase, nowMs = Date.now()): void {
  series.pragma(`user_version = ${today(nowMs)}`);
}

function today(nowMs: number): number {
  return Math.floor(nowMs / dayMs);
}
