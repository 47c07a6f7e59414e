/** How much disk a run takes. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of all files below; files that vanish meanwhile count as nothing. */
export function measureFolder(folder: string): number {
  let bytes = 0;
  for (const entry of listQuietly(folder)) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? measureFolder(path) : (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }
  return bytes;
}

function listQuietly(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
