/**
 * Puts both databases aside while others are made in their place. Whoever is ended in between leaves a file that says so, and the next start puts
 * the old ones back: what they alone know (settings, views, the states of runs) is not lost with a half-made database.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flushFile } from './backups.ts';
import { fileTime, parseFileTime } from './file-time.ts';
import { asideOf, databaseSuffixes, putAside } from './put-aside.ts';

const names = ['lab.db', 'series.db'];

const markerOf = (dataFolder: string) => join(dataFolder, 'databases-being-replaced');

/** Both must be closed. @returns the names of the files that they are now. */
export function beginReplacement(dataFolder: string): string[] {
  const time = fileTime(new Date());
  writeFileSync(markerOf(dataFolder), time);
  flushFile(markerOf(dataFolder));
  return names.map((name) => putAside(join(dataFolder, name), 'replaced', time));
}

/** The new ones hold all that they are to hold. */
export function endReplacement(dataFolder: string): void {
  rmSync(markerOf(dataFolder), { force: true });
}

/** Puts the old databases back where a replacement was not ended; may itself be ended at any time. @returns what people should know of it. */
export function undoReplacement(dataFolder: string): string[] {
  const marker = markerOf(dataFolder);
  if (!existsSync(marker)) return [];
  const time = readFileSync(marker, 'utf8');
  // Of a marker that was not written to its end, nothing was put aside yet.
  if (parseFileTime(time) !== undefined) names.forEach((name) => putBack(join(dataFolder, name), time));
  endReplacement(dataFolder);
  return ['the databases were being made anew when the host was ended; they are as they were before'];
}

function putBack(path: string, time: string): void {
  const aside = asideOf(path, 'replaced', time);
  if (!existsSync(aside)) return;
  // The database itself last, both times: by it the next one knows what has been done.
  const suffixes = databaseSuffixes.toReversed();
  if (existsSync(path)) for (const suffix of suffixes) rmSync(`${path}${suffix}`, { force: true });
  for (const suffix of suffixes) if (existsSync(`${aside}${suffix}`)) renameSync(`${aside}${suffix}`, `${path}${suffix}`);
}
