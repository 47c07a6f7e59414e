/** Where the processes of a campaign write what its judge compares with the lab; passed on in the environment. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Places {
  /** What trainers have computed: a file each. */
  readonly steps: string;
  /** What was flushed to the disk: a file a process. */
  readonly syncs: string;
}

const variable = 'ENGRAM_BENCH_FAULTS';

export function makePlaces(folder: string): Places {
  const places = { steps: join(folder, 'steps'), syncs: join(folder, 'syncs') };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  process.env[variable] = JSON.stringify(places);
  return places;
}

export function readPlaces(): Places {
  return JSON.parse(process.env[variable] ?? 'null') as Places;
}
