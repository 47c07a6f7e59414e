/** What somebody painted, dropped or set by hand, as an address holds it, so that a link opens the same episode again. */
import type { Place } from '../../core/contract/maze-walls.ts';
import { ownEpisodeSchema, type OwnEpisode } from '../../core/contract/own-episode.ts';

type Patterns = Extract<OwnEpisode, { kind: 'patterns' }>['patterns'];

/** Null for what no address holds: values that are neither bits nor grey values from 0 to 255, and what has none. */
export function writeOwn(own: OwnEpisode | undefined): string | null {
  if (own?.kind === 'maze') {
    const walls = own.walls === undefined ? [] : [own.walls.map(writePlace).join('_')];
    return ['maze', writePlace(own.goal), writePlace(own.start), ...walls].join('.');
  }
  if (own?.kind !== 'patterns') return null;
  const { patterns } = own;
  const values = patterns.flat();
  if (patterns.some(({ length }) => length !== patterns[0]!.length)) return null;
  if (values.every((value) => Math.abs(value) === 1)) return write('bits', patterns, packBits(values));
  const areBytes = values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255);
  return areBytes ? write('grey', patterns, Uint8Array.from(values)) : null;
}

/** Undefined for what is no such text. */
export function readOwn(text: string | null): OwnEpisode | undefined {
  try {
    const parts = (text ?? '').split('.');
    return ownEpisodeSchema.safeParse(parts[0] === 'maze' ? readMaze(parts) : readPatterns(parts)).data;
  } catch {
    // Letters that are no base64.
    return undefined;
  }
}

function write(kind: 'bits' | 'grey', patterns: Patterns, bytes: Uint8Array): string {
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return [kind, patterns.length, patterns[0]!.length, letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')].join('.');
}

function readPatterns([kind, count, length, letters = '']: readonly string[]): unknown {
  const bytes = Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  const values = kind === 'bits' ? unpackBits(bytes) : kind === 'grey' ? [...bytes] : [];
  const [rows, columns] = [Number(count), Number(length)];
  if (rows * columns > values.length) return undefined;
  return { kind: 'patterns', patterns: Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns)) };
}

function packBits(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, at) => (bytes[at >> 3]! |= value > 0 ? 1 << (at & 7) : 0));
  return bytes;
}

function unpackBits(bytes: Uint8Array): number[] {
  return Array.from({ length: 8 * bytes.length }, (_, at) => ((bytes[at >> 3]! >> (at & 7)) & 1 ? 1 : -1));
}

function readMaze([, goal, start, walls]: readonly string[]): unknown {
  const places = walls === undefined ? {} : { walls: walls === '' ? [] : walls.split('_').map(readPlace) };
  return { kind: 'maze', goal: readPlace(goal), start: readPlace(start), ...places };
}

const writePlace = ({ row, column }: Place) => `${row}-${column}`;

function readPlace(text = ''): Place {
  const [row, column] = text.split('-').map(Number);
  return { row: row!, column: column! };
}
