/** What a trainer has computed, iteration after iteration, beside its journal. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Step {
  readonly iteration: number;
  readonly loss: number;
  /** When it was computed, milliseconds since 1970. */
  readonly atMs: number;
}

export function encodeStep({ iteration, loss, atMs }: Step): string {
  return `${iteration} ${loss} ${atMs}\n`;
}

/** The steps of one trainer process; those of a killed one up to its last whole line. */
export function readSteps(folder: string, run: string, pid: number): Step[] {
  const name = `${run}.${pid}`;
  if (!readdirSync(folder).includes(name)) return [];
  const lines = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [iteration, loss, atMs] = line.split(' ').map(Number);
    return { iteration: iteration!, loss: loss!, atMs: atMs! };
  });
}
