/** The file that says: series.db was found to be damaged; the next start puts it aside. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function damageMarker(dataFolder: string): string {
  return join(dataFolder, 'series.db-damaged');
}

export function markDamaged(dataFolder: string): void {
  try {
    writeFileSync(damageMarker(dataFolder), '');
  } catch {
    // On a full disk, the next who meets the damage tries again.
  }
}
