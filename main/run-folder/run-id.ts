/** Names for runs: sorted by time when sorted by name, and telling what they are. */
import { randomInt } from 'node:crypto';
import type { RunSpec } from '../../core/contract/run-spec.ts';

/** No 0, 1, l, o: they are taken for one another. */
const letters = '23456789abcdefghijkmnpqrstuvwxyz';

/** For example `20261123-221530-images-free-7-k3f9`; the time is UTC. */
export function createRunId({ experiment, variant, seed }: RunSpec, now = new Date()): string {
  const [date, time] = now.toISOString().slice(0, 19).replace(/[-:]/g, '').split('T');
  const random = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return `${date}-${time}-${experiment}-${variant}-${seed}-${random}`;
}

/** When the run of this id was created, to the second; undefined for an id of another kind. */
export function timeOfRunId(id: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(id) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
